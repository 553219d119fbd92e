// What the tests have in common: where the simulator is, how clients are
// pointed at it, and how time passes there.
import { createRequire } from 'node:module';

// Node cannot import the package's ES module, which does not say that it is one.
const sdk = createRequire(import.meta.url)('commerce-sdk-isomorphic');
const { ShopperBasketsV2, ShopperCustomers, ShopperLogin, ShopperOrders } = sdk;
export const { helpers } = sdk;
export const api = process.env.SOMSIM_API;
export const control = process.env.SOMSIM_CONTROL;
export const redirectURI = 'http://localhost:3000/callback';
export const clientSecret = 'somsim';

const parameters = {
  clientId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  organizationId: 'f_ecom_zzte_053',
  shortCode: 'somsim',
  siteId: 'RefArch',
};

// config points a client at the simulator: the base address of its API.
export function config(path, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return { baseUri: `${api}${path}`, headers, parameters, throwOnBadResponse: true };
}

export const login = () => new ShopperLogin(config('/shopper/auth/v1'));
export const baskets = (token) => new ShopperBasketsV2(config('/checkout/shopper-baskets/v2', token));
export const orders = (token) => new ShopperOrders(config('/checkout/shopper-orders/v1', token));
export const customers = (token) => new ShopperCustomers(config('/customer/shopper-customers/v1', token));

// guest logs nobody in, shopper one of the preset's.
export const guest = (usid) => helpers.loginGuestUser({ slasClient: login(), parameters: { redirectURI, usid } });
export const shopper = (n, usid) => helpers.loginRegisteredUserB2C({
  slasClient: login(),
  credentials: { username: `shopper-${n}@somsim.test`, password: 'somsim' },
  parameters: { redirectURI, usid },
});

// problem is what the vendor's API says of a call that it refused.
export async function problem(call) {
  try {
    await call;
  } catch (e) {
    if (!e.response) throw e;
    const body = await e.response.json();
    return { status: e.response.status, name: body.error ?? body.type.split('/').pop(), ...body };
  }
  throw new Error('the call was not refused');
}

// advance lets time pass in the simulator.
export async function advance(duration) {
  const resp = await fetch(`${control}/control/v1/sandboxes/default/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ duration }),
  });
  if (!resp.ok) throw new Error(`advance: ${resp.status} ${await resp.text()}`);
}

// mails are what a shopper was mailed, newest first.
export async function mails(to) {
  const resp = await fetch(`${control}/control/v1/sandboxes/default/b2c/mailbox?to=${encodeURIComponent(to)}`);
  if (!resp.ok) throw new Error(`mailbox: ${resp.status} ${await resp.text()}`);
  return (await resp.json()).mails;
}

// place makes an order binding, as the back end of a shop does once it is paid.
export async function place(orderNo) {
  const basic = Buffer.from(`${parameters.clientId}:${clientSecret}`).toString('base64');
  const granted = await fetch(`${api}/dwsso/oauth2/access_token`, {
    method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = await granted.json();
  const resp = await fetch(`${api}/checkout/orders/v1/organizations/${parameters.organizationId}/orders/${orderNo}/status?siteId=RefArch`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'new' }),
  });
  if (resp.status !== 204) throw new Error(`place: ${resp.status} ${await resp.text()}`);
}
