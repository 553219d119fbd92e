// What the tests have in common: the SDK pointed at the simulator, and a
// merchant's server that takes webhooks.
import { createServer } from 'node:http';
import { init } from 'onlinepayments-sdk-nodejs';

const api = new URL(process.env.SOMSIM_API);
const control = process.env.SOMSIM_CONTROL;

export const merchant = 'somsim';

// client is the SDK with a key; nothing but host, scheme and port is the
// simulator's.
export function client(apiKeyId = 'somsim', secretApiKey = 'somsim') {
  return init({ integrator: 'somsim', host: api.hostname, scheme: 'http', port: Number(api.port), enableLogging: false, apiKeyId, secretApiKey });
}

// steer calls the control plane.
export async function steer(method, path, body) {
  const resp = await fetch(`${control}/control/v1/sandboxes/default${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!resp.ok) throw new Error(`${method} ${path}: ${resp.status} ${await resp.text()}`);
  return resp.json();
}

// receiver is a merchant's server; what it is posted ends up in posts.
export async function receiver() {
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
  return { posts, url: `http://127.0.0.1:${server.address().port}/webhooks`, close: () => server.close() };
}

// card is a payment by card, in cents of euros.
export function card(amount, cardNumber = '4111111111111111', more = {}) {
  return {
    order: { amountOfMoney: { amount, currencyCode: 'EUR' }, references: { merchantReference: 'SDK-1' } },
    cardPaymentMethodSpecificInput: {
      paymentProductId: 1,
      card: { cardNumber, cardholderName: 'Wile E. Coyote', cvv: '123', expiryDate: '1239' },
      ...more,
    },
  };
}
