// Every way in which the SDK's helpers log shoppers in and out.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance, api, clientSecret, config, customers, guest, helpers, login, mails, problem, redirectURI, shopper } from './shop.mjs';

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

describe('logging in', () => {
  test('a guest of a public client', async () => {
    const tokens = await guest();
    assert.equal(tokens.expires_in, 1800);
    assert.equal(tokens.refresh_token_expires_in, 30 * 24 * 3600);
    assert.match(claims(tokens.access_token).isb, /^uido:slas::upn:Guest::/);
    assert.equal((await guest(tokens.usid)).customer_id, tokens.customer_id);
  });

  test('a guest of a private client', async () => {
    const tokens = await helpers.loginGuestUserPrivate({ slasClient: login(), parameters: {}, credentials: { clientSecret } });
    assert.equal(tokens.token_type, 'Bearer');
  });

  test('a registered shopper, with the visit of a guest', async () => {
    const visitor = await guest();
    const tokens = await shopper(1, visitor.usid);
    assert.equal(tokens.usid, visitor.usid);
    assert.equal(tokens.customer_id, 'abcustomer000000000000000001');
    assert.match(claims(tokens.access_token).isb, new RegExp(`::gcid:${visitor.customer_id}::rcid:${tokens.customer_id}::chid:RefArch$`));
    const known = await customers(tokens.access_token).getCustomer({ parameters: { customerId: tokens.customer_id } });
    assert.equal(known.login, 'shopper-1@somsim.test');
    assert.equal(known.customerNo, '00000001');
  });

  test('a wrong password', async () => {
    const refused = await problem(helpers.loginRegisteredUserB2C({
      slasClient: login(), credentials: { username: 'shopper-1@somsim.test', password: 'wrong' }, parameters: { redirectURI },
    }));
    assert.equal(refused.status, 401);
    assert.equal(refused.name, 'invalid_client');
  });

  test('again by refresh token, which a public client has once', async () => {
    const first = await shopper(2);
    const ask = (refreshToken) => helpers.refreshAccessToken({ slasClient: login(), parameters: { refreshToken } });
    const second = await ask(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await problem(ask(first.refresh_token))).name, 'invalid_grant');
    assert.equal((await ask(second.refresh_token)).customer_id, first.customer_id);
  });

  test('without a password, by a mailed code', async () => {
    const credentials = { clientSecret };
    await helpers.authorizePasswordless({ slasClient: login(), credentials, parameters: { userid: 'shopper-2@somsim.test', mode: 'email', locale: 'en-US' } });
    const [{ code }] = await mails('shopper-2@somsim.test');
    const tokens = await helpers.getPasswordLessAccessToken({ slasClient: login(), credentials, parameters: { pwdlessLoginToken: code } });
    assert.equal(tokens.customer_id, 'abcustomer000000000000000002');
  });

  test('an agent for a shopper', async () => {
    const { clientId } = config('').parameters;
    const granted = await fetch(`${api}/dw/oauth2/access_token?client_id=${clientId}`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`agent@somsim.test:somsim:${clientSecret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'urn:demandware:params:oauth:grant-type:client-id:dwsid:dwsecuretoken' }),
    });
    const { access_token: agent } = await granted.json();
    const tokens = await login().getTrustedAgentAccessToken({
      headers: { Authorization: `Bearer ${agent}`, _sfdc_client_auth: Buffer.from(`${clientId}:${clientSecret}`).toString('base64') },
      body: { grant_type: 'client_credentials', login_id: 'shopper-3@somsim.test', idp_origin: 'ecom', channel_id: 'RefArch', agent_id: 'agent@somsim.test' },
    });
    assert.equal(tokens.customer_id, 'abcustomer000000000000000003');
    assert.match(claims(tokens.access_token).isb, /::agent:agent@somsim\.test$/);
  });

  test('a trusted system', async () => {
    const tokens = await login().getTrustedSystemAccessToken({
      headers: { Authorization: `Basic ${Buffer.from(`${config('').parameters.clientId}:${clientSecret}`).toString('base64')}` },
      body: {
        grant_type: 'client_credentials', hint: 'ts_ext_on_behalf_of', login_id: 'c0ffee00000000000000000000000003', idp_origin: 'gigya',
        client_id: config('').parameters.clientId, channel_id: 'RefArch',
      },
    });
    assert.equal(tokens.customer_id, 'abcustomer000000000000000003');
    assert.equal(tokens.expires_in, 900);
  });
});

describe('the end', () => {
  test('of a log-in', async () => {
    const tokens = await shopper(4);
    await helpers.logout({ slasClient: login(), parameters: { accessToken: tokens.access_token, refreshToken: tokens.refresh_token } });
    const refused = await problem(customers(tokens.access_token).getCustomer({ parameters: { customerId: tokens.customer_id } }));
    assert.equal(refused.status, 401);
    assert.equal(refused.name, 'invalid-access-token');
  });

  test('of a token', async () => {
    const tokens = await shopper(5);
    await advance('30m');
    assert.equal((await problem(customers(tokens.access_token).getCustomer({ parameters: { customerId: tokens.customer_id } }))).status, 401);
  });
});
