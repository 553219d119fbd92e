// What a merchant does with Worldline Connect's own SDK, unpatched: only the
// host is the simulator's (SOMSIM_API).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import connect from 'connect-sdk-nodejs';

const api = new URL(process.env.SOMSIM_API);
const merchant = 'somsim';
const { v1 } = connect.init({
  integrator: 'somsim', host: api.hostname, scheme: 'http', port: Number(api.port), enableLogging: false, apiKeyId: 'somsim', secretApiKey: 'somsim',
});

async function steer(method, path, body) {
  const resp = await fetch(`${process.env.SOMSIM_CONTROL}/control/v1/sandboxes/default${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!resp.ok) throw new Error(`${method} ${path}: ${resp.status} ${await resp.text()}`);
  return resp.json();
}

function ok({ status, isSuccess, body }) {
  assert.ok(isSuccess, `${status} ${JSON.stringify(body)}`);
  return body;
}

function card(amount, cardNumber = '4111111111111111', more = {}) {
  return {
    order: { amountOfMoney: { amount, currencyCode: 'EUR' }, customer: { merchantCustomerId: '1' }, references: { merchantReference: 'SDK-1' } },
    cardPaymentMethodSpecificInput: {
      paymentProductId: 1, card: { cardNumber, cardholderName: 'Wile E. Coyote', cvv: '123', expiryDate: '1239' }, ...more,
    },
  };
}

const context = {};

test('a payment is approved, and given back', async () => {
  const { payment } = ok(await v1.payments.create(merchant, card(10000), context));
  assert.equal(payment.status, 'PENDING_APPROVAL');
  assert.equal(ok(await v1.payments.approve(merchant, payment.id, { amount: 8000 }, context)).payment.status, 'CAPTURE_REQUESTED');
  await steer('POST', '/clock/advance', { duration: '1m' });
  assert.equal(ok(await v1.payments.get(merchant, payment.id, context)).status, 'CAPTURED');
  const refund = ok(await v1.payments.refund(merchant, payment.id, { amountOfMoney: { amount: 8000, currencyCode: 'EUR' } }, context));
  assert.equal(refund.status, 'REFUND_REQUESTED');
  await steer('POST', '/clock/advance', { duration: '5m' });
  assert.equal(ok(await v1.refunds.get(merchant, refund.id, context)).status, 'REFUNDED');
});

test('a pre-authorisation is captured in two parts and cancelled for the rest', async () => {
  const { payment } = ok(await v1.payments.create(merchant, card(10000, undefined, { authorizationMode: 'PRE_AUTHORIZATION' }), context));
  assert.equal(payment.status, 'PENDING_CAPTURE');
  for (const amount of [3000, 2000]) ok(await v1.payments.capture(merchant, payment.id, { amount, isFinal: false }, context));
  ok(await v1.payments.cancel(merchant, payment.id, context));
  await steer('POST', '/clock/advance', { duration: '1m' });
  const { captures } = ok(await v1.payments.captures(merchant, payment.id, context));
  assert.deepEqual(captures.map((c) => [c.status, c.captureOutput.amountOfMoney.amount]), [['CAPTURED', 3000], ['CAPTURED', 2000]]);
});

test('a payment is refused by a test card', async () => {
  const { status, body } = await v1.payments.create(merchant, card(1000, '4000000000009995'), context);
  assert.equal(status, 402);
  assert.equal(body.errors[0].id, 'INSUFFICIENT_FUNDS');
  assert.equal(body.paymentResult.payment.status, 'REJECTED');
});

test('a hosted checkout', async () => {
  const { hostedCheckoutId } = ok(
    await v1.hostedcheckouts.create(merchant, {
      order: { amountOfMoney: { amount: 2500, currencyCode: 'EUR' }, customer: { merchantCustomerId: '1' } },
      hostedCheckoutSpecificInput: { returnUrl: 'https://shop.test/back' },
    }, context),
  );
  await steer('POST', `/payers/${hostedCheckoutId}`, { deed: 'pay' });
  const { createdPaymentOutput } = ok(await v1.hostedcheckouts.get(merchant, hostedCheckoutId, context));
  assert.equal(createdPaymentOutput.payment.status, 'PENDING_APPROVAL');
});

test('webhooks are signed as the helper of the SDK wants it', async (t) => {
  const posts = [];
  const server = createServer((req, res) => {
    const chunks = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      posts.push({ body: Buffer.concat(chunks), headers: req.headers });
      res.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  await steer('PUT', '/targets/sdk', {
    line: 'worldline.connect-webhooks', url: `http://127.0.0.1:${server.address().port}/`, key_id: 'key-1', secret: 'whisper',
  });
  ok(await v1.payments.create(merchant, card(4200), context));
  await steer('POST', '/clock/advance', { duration: '1s' });
  connect.webhooks.inMemorySecretKeyStore.storeSecretKey('key-1', 'whisper');
  const helper = connect.webhooks.v1.init(connect.webhooks.inMemorySecretKeyStore);
  const event = await helper.unmarshal(posts[0].body, posts[0].headers);
  assert.equal(event.type, 'payment.pending_approval');
});
