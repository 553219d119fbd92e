// What a merchant does with Worldline Direct's own SDK, unpatched: only the
// host is the simulator's (SOMSIM_API).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { webhooks } from 'onlinepayments-sdk-nodejs';
import { card, client, merchant, receiver, steer } from './merchant.mjs';

const sdk = client();

// ok unwraps an answer that has to be a success.
function ok({ status, isSuccess, body }) {
  assert.ok(isSuccess, `${status} ${JSON.stringify(body)}`);
  return body;
}

describe('a payment', () => {
  test('is authorised, captured in two parts, cancelled for the rest and refunded', async () => {
    const { payment } = ok(await sdk.payments.createPayment(merchant, card(10000)));
    assert.equal(payment.status, 'PENDING_CAPTURE');
    assert.equal(payment.statusOutput.statusCode, 5);

    for (const amount of [3000, 2500]) {
      const capture = ok(await sdk.payments.capturePayment(merchant, payment.id, { amount, isFinal: false }));
      assert.equal(capture.status, 'CAPTURE_REQUESTED');
    }
    const cancelled = ok(await sdk.payments.cancelPayment(merchant, payment.id, { amountOfMoney: { amount: 4500, currencyCode: 'EUR' }, isFinal: true }));
    assert.equal(cancelled.payment.statusOutput.isCancellable, false);
    await steer('POST', '/clock/advance', { duration: '1m' });

    const { captures } = ok(await sdk.captures.getCaptures(merchant, payment.id));
    assert.deepEqual(captures.map((c) => [c.status, c.captureOutput.amountOfMoney.amount]), [['CAPTURED', 3000], ['CAPTURED', 2500]]);

    const refund = ok(await sdk.payments.refundPayment(merchant, payment.id, { amountOfMoney: { amount: 5500, currencyCode: 'EUR' } }));
    assert.equal(refund.status, 'REFUND_REQUESTED');
    await steer('POST', '/clock/advance', { duration: '5m' });
    const { refunds } = ok(await sdk.refunds.getRefunds(merchant, payment.id));
    assert.deepEqual(refunds.map((r) => r.status), ['REFUNDED']);
    const details = ok(await sdk.payments.getPaymentDetails(merchant, payment.id));
    assert.equal(details.status, 'REFUNDED');
    assert.equal(details.Operations.length, 5);
  });

  test('is refused by a test card', async () => {
    const { status, isSuccess, body } = await sdk.payments.createPayment(merchant, card(1000, '4000000000000002'));
    assert.equal(isSuccess, false);
    assert.equal(status, 402);
    assert.deepEqual(body.errors.map((e) => [e.id, e.retriable]), [['DECLINED', false]]);
    assert.equal(body.paymentResult.payment.status, 'REJECTED');
  });

  test('is made once by one idempotence key', async () => {
    const context = () => ({ idempotence: { key: 'sdk-key-1' } });
    const first = context();
    const again = context();
    const { payment } = ok(await sdk.payments.createPayment(merchant, card(700), first));
    const repeated = ok(await sdk.payments.createPayment(merchant, card(900), again));
    assert.equal(repeated.payment.id, payment.id);
    assert.equal(first.idempotence.requestTimestamp, undefined);
    assert.match(again.idempotence.requestTimestamp, /^\d{13}$/);
  });

  test('is charged to a kept card, and once more to the card of a former payment', async () => {
    const { card: { cardNumber, expiryDate } } = card(700).cardPaymentMethodSpecificInput;
    const { token } = ok(await sdk.tokens.createToken(merchant, { paymentProductId: 1, card: { data: { card: { cardNumber, expiryDate } } } }));
    assert.equal(ok(await sdk.tokens.getToken(merchant, token)).card.alias, '************1111');
    const body = { order: card(700).order, cardPaymentMethodSpecificInput: { token } };
    const { payment } = ok(await sdk.payments.createPayment(merchant, body));
    const again = ok(await sdk.payments.subsequentPayment(merchant, payment.id, { order: card(300).order }));
    assert.equal(again.payment.status, 'PENDING_CAPTURE');
    ok(await sdk.tokens.deleteToken(merchant, token));
    assert.equal((await sdk.tokens.getToken(merchant, token)).status, 404);
  });

  test('is refused to a wrong secret', async () => {
    const { status, body } = await client('somsim', 'wrong').payments.getPayment(merchant, '3000000001_0');
    assert.equal(status, 403);
    assert.equal(body.errors[0].id, 'MISSING_OR_INVALID_AUTHORIZATION');
  });

  test('sends a shopper to prove who he is', async () => {
    const more = { threeDSecure: { redirectionData: { returnUrl: 'https://shop.test/back' } } };
    const { merchantAction, payment } = ok(await sdk.payments.createPayment(merchant, card(1000, '4000000000003220', more)));
    assert.equal(merchantAction.actionType, 'REDIRECT');
    const page = await fetch(merchantAction.redirectData.redirectURL, { method: 'POST', body: new URLSearchParams({ deed: 'pay' }), redirect: 'manual' });
    assert.equal(page.status, 303);
    assert.equal(new URL(page.headers.get('location')).searchParams.get('RETURNMAC'), merchantAction.redirectData.RETURNMAC);
    assert.equal(ok(await sdk.payments.getPayment(merchant, payment.id)).status, 'PENDING_CAPTURE');
  });
});

test('a hosted checkout', async () => {
  const { hostedCheckoutId } = ok(
    await sdk.hostedCheckout.createHostedCheckout(merchant, {
      order: { amountOfMoney: { amount: 2500, currencyCode: 'EUR' }, references: { merchantReference: 'SDK-2' } },
      hostedCheckoutSpecificInput: { returnUrl: 'https://shop.test/back', locale: 'en_GB' },
    }),
  );
  assert.equal(ok(await sdk.hostedCheckout.getHostedCheckout(merchant, hostedCheckoutId)).status, 'IN_PROGRESS');
  const { next } = await steer('POST', `/payers/${hostedCheckoutId}`, { deed: 'pay' });
  assert.equal(new URL(next).searchParams.get('hostedCheckoutId'), hostedCheckoutId);
  const { status, createdPaymentOutput } = ok(await sdk.hostedCheckout.getHostedCheckout(merchant, hostedCheckoutId));
  assert.equal(status, 'PAYMENT_CREATED');
  assert.equal(createdPaymentOutput.payment.status, 'PENDING_CAPTURE');
});

test('webhooks are signed as the helper of the SDK wants it', async (t) => {
  const shop = await receiver();
  t.after(shop.close);
  await steer('PUT', '/targets/sdk', { line: 'worldline.webhooks', url: shop.url, key_id: 'key-1', secret: 'whisper' });
  const { payment } = ok(await sdk.payments.createPayment(merchant, card(4200)));
  await steer('POST', '/clock/advance', { duration: '1s' });

  webhooks.inMemorySecretKeyStore.storeSecretKey('key-1', 'whisper');
  const helper = webhooks.init(webhooks.inMemorySecretKeyStore);
  assert.equal(shop.posts.length, 1);
  const event = await helper.unmarshal(shop.posts[0].body, shop.posts[0].headers);
  assert.deepEqual([event.type, event.merchantId, event.payment.id], ['payment.pending_capture', merchant, payment.id]);
  const forged = Buffer.from(shop.posts[0].body.toString().replace('4200', '9999'));
  await assert.rejects(helper.unmarshal(forged, shop.posts[0].headers), /signature/);
});
