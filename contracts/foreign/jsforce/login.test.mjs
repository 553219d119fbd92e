// Every way in which jsforce logs in and out.
import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import jsforce from 'jsforce';
import { api, app, connect, consent, password, username, version } from './org.mjs';

const redirectUri = 'http://localhost:9999/callback';

describe('logging in', () => {
  test('OAuth client credentials', async () => {
    const conn = new jsforce.Connection({ version, oauth2: app });
    const user = await conn.authorize({ grant_type: 'client_credentials' });
    assert.match(user.id, /^005\w{15}$/);
    assert.match(user.organizationId, /^00D\w{15}$/);
    assert.equal(user.url, `${api}/id/${user.organizationId}/${user.id}`);
    assert.equal(conn.instanceUrl, api);
    assert.equal((await conn.query("SELECT COUNT() FROM OrderSummary WHERE OrderNumber = '00000101'")).totalSize, 1);
  });

  test('OAuth user name and password', async () => {
    const conn = new jsforce.Connection({ version, oauth2: app });
    const user = await conn.login(username, password);
    assert.match(user.id, /^005\w{15}$/);
    assert.equal((await conn.identity()).username, username);
  });

  test('OAuth with a wrong password', async () => {
    const conn = new jsforce.Connection({ oauth2: app });
    await assert.rejects(conn.login(username, 'wrong'), { name: 'invalid_grant', message: 'authentication failure' });
  });

  test('an unknown client', async () => {
    const conn = new jsforce.Connection({ oauth2: { ...app, clientId: 'nobody' } });
    await assert.rejects(conn.authorize({ grant_type: 'client_credentials' }), { name: 'invalid_client_id' });
  });

  test('a wrong secret', async () => {
    const conn = new jsforce.Connection({ oauth2: { ...app, clientSecret: 'wrong' } });
    await assert.rejects(conn.authorize({ grant_type: 'client_credentials' }), { name: 'invalid_client' });
  });

  test('SOAP login()', async () => {
    const conn = new jsforce.Connection({ loginUrl: api });
    const user = await conn.login(username, password);
    assert.match(user.id, /^005\w{15}$/);
    assert.match(user.organizationId, /^00D\w{15}$/);
    assert.equal(conn.instanceUrl, api);
    assert.equal((await conn.query("SELECT COUNT() FROM OrderSummary WHERE OrderNumber = '00000101'")).totalSize, 1);
  });

  test('SOAP login() with a wrong password', async () => {
    const conn = new jsforce.Connection({ loginUrl: api });
    await assert.rejects(conn.login(username, 'wrong'), /INVALID_LOGIN/);
  });

  test('OAuth JWT bearer with the key of the simulation', async () => {
    const encoded = (v) => Buffer.from(JSON.stringify(v)).toString('base64url');
    const claims = { iss: 'somsim', sub: username, aud: 'https://login.salesforce.com', exp: Math.floor(Date.now() / 1000) + 180 };
    const text = `${encoded({ alg: 'RS256' })}.${encoded(claims)}`;
    const key = readFileSync(new URL('../../../simulator/som/simulation_only_app.key', import.meta.url));
    const assertion = `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
    const conn = new jsforce.Connection({ version, oauth2: { loginUrl: api } });
    await conn.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
    assert.equal((await conn.identity()).username, username);
    const forged = assertion.slice(0, -10) + 'AAAAAAAAAA';
    await assert.rejects(
      new jsforce.Connection({ oauth2: { loginUrl: api } }).authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: forged }),
      { name: 'invalid_grant', message: 'invalid assertion' },
    );
  });
});

describe('authorization code', () => {
  const flows = {
    'with a secret': new jsforce.OAuth2({ ...app, redirectUri }),
    'with a secret and a proof': new jsforce.OAuth2({ ...app, redirectUri, useVerifier: true }),
    'of a public app, with a proof': new jsforce.OAuth2({ loginUrl: api, clientId: 'somsim-public', redirectUri, useVerifier: true }),
  };
  for (const [name, oauth2] of Object.entries(flows)) {
    test(name, async () => {
      const answer = await consent(oauth2.getAuthorizationUrl({ scope: 'api id refresh_token', state: 'a&b' }));
      assert.equal(answer.get('state'), 'a&b');
      const conn = new jsforce.Connection({ version, oauth2 });
      await conn.authorize(answer.get('code'));
      assert.equal((await conn.identity()).username, username);
      await assert.rejects(conn.authorize(answer.get('code')), { name: 'invalid_grant', message: 'expired authorization code' });
    });
  }

  test('a user who says no', async () => {
    const answer = await consent(flows['with a secret'].getAuthorizationUrl({}), 'deny');
    assert.equal(answer.get('error'), 'access_denied');
    assert.equal(answer.get('code'), null);
  });

  test('another verifier than the one of the request', async () => {
    const asking = new jsforce.OAuth2({ ...app, redirectUri, useVerifier: true });
    const other = new jsforce.OAuth2({ ...app, redirectUri, useVerifier: true });
    const answer = await consent(asking.getAuthorizationUrl({}));
    await assert.rejects(other.requestToken(answer.get('code')), { name: 'invalid_grant', message: 'invalid code verifier' });
  });

  test('a session that is over is renewed by itself', async () => {
    const oauth2 = flows['with a secret'];
    const answer = await consent(oauth2.getAuthorizationUrl({ scope: 'api refresh_token' }));
    const tokens = await oauth2.requestToken(answer.get('code'));
    const conn = new jsforce.Connection({ version, oauth2, instanceUrl: api, accessToken: tokens.access_token, refreshToken: tokens.refresh_token });
    let renewed = 0;
    conn.on('refresh', () => renewed++);
    await conn.query('SELECT Id FROM OrderSummary LIMIT 1');
    assert.equal(renewed, 0);
    await oauth2.revokeToken(tokens.access_token);
    assert.equal((await conn.query('SELECT Id FROM OrderSummary LIMIT 1')).totalSize, 1);
    assert.equal(renewed, 1);
    assert.notEqual(conn.accessToken, tokens.access_token);

    await oauth2.revokeToken(tokens.refresh_token);
    await assert.rejects(oauth2.refreshToken(tokens.refresh_token), { name: 'invalid_grant', message: 'expired access/refresh token' });
    const left = new jsforce.Connection({ version, instanceUrl: api, accessToken: conn.accessToken });
    await assert.rejects(left.query('SELECT Id FROM OrderSummary'), { errorCode: 'INVALID_SESSION_ID' });
  });
});

describe('logging out', () => {
  test('of OAuth', async () => {
    const conn = await connect();
    const { accessToken } = conn;
    await conn.logout();
    await assert.rejects(new jsforce.OAuth2(app).revokeToken(accessToken), { name: 'unsupported_token_type', message: 'this token type is not supported' });
    const again = new jsforce.Connection({ version, instanceUrl: api, accessToken });
    await assert.rejects(again.query('SELECT Id FROM OrderSummary'), { errorCode: 'INVALID_SESSION_ID' });
  });

  test('of SOAP', async () => {
    const conn = new jsforce.Connection({ loginUrl: api, version });
    await conn.login(username, password);
    const { accessToken } = conn;
    await conn.logout();
    const again = new jsforce.Connection({ version, instanceUrl: api, accessToken });
    await assert.rejects(again.query('SELECT Id FROM OrderSummary'), { errorCode: 'INVALID_SESSION_ID' });
    await assert.rejects(again.logoutBySoap(), /INVALID_SESSION_ID/);
  });
});
