// What jsforce learns about the org: its versions, objects, limits and users.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import jsforce from 'jsforce';
import { api, connect, steer, version } from './org.mjs';

describe('metadata', () => {
  let conn;
  before(async () => {
    conn = await connect();
  });

  test('versions and resources', async () => {
    const versions = await conn.request('/services/data');
    assert.equal(versions.length, 20);
    assert.ok(versions.some((v) => v.version === version && v.url === `/services/data/v${version}`));
    const resources = await conn.request(`/services/data/v${version}`);
    assert.equal(resources.sobjects, `/services/data/v${version}/sobjects`);
  });

  test('a version that is not served', async () => {
    for (const unknown of ['47.0', '99.0']) {
      const old = new jsforce.Connection({ version: unknown, instanceUrl: api, accessToken: conn.accessToken });
      await assert.rejects(old.describeGlobal(), { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
    }
  });

  // The command line of Salesforce keeps instance addresses with a slash at their end, and asks for the columns of its tables.
  test('what the command line asks', async () => {
    const cli = new jsforce.Connection({ version, instanceUrl: `${api}/`, accessToken: conn.accessToken });
    const q = encodeURIComponent('SELECT OrderNumber, Account.Name, (SELECT Name FROM OrderItemSummaries) FROM OrderSummary');
    const { columnMetadata, entityName } = await cli.request(`${cli._baseUrl()}/query?q=${q}&columns=true`);
    assert.equal(entityName, 'OrderSummary');
    assert.deepEqual(
      columnMetadata.map((c) => [c.columnName, c.aggregate, c.joinColumns.map((below) => below.columnName)]),
      [['OrderNumber', false, []], ['Account', false, ['Name']], ['OrderItemSummaries', true, ['Name']]],
    );
    const org = await cli.query('SELECT Id, IsSandbox FROM Organization');
    assert.equal(org.totalSize, 1);
    assert.equal(org.records[0].Id, conn.userInfo.organizationId);
    assert.equal(org.records[0].IsSandbox, true);
  });

  test('describeGlobal', async () => {
    const { encoding, maxBatchSize, sobjects } = await conn.describeGlobal();
    assert.deepEqual([encoding, maxBatchSize], ['UTF-8', 200]);
    const summary = sobjects.find((o) => o.name === 'OrderSummary');
    assert.equal(summary.keyPrefix, '1Os');
    assert.equal(summary.urls.describe, `/services/data/v${version}/sobjects/OrderSummary/describe`);
    for (const o of sobjects) assert.equal(typeof o.queryable, 'boolean', o.name);
  });

  test('describe of every object', async () => {
    const { sobjects } = await conn.describeGlobal$();
    for (const { name } of sobjects) {
      const o = await conn.describe(name);
      assert.equal(o.name, name);
      assert.ok(o.fields.find((f) => f.name === 'Id' && f.type === 'id'), name);
    }
  });

  test('describe of an order summary', async () => {
    const o = await conn.sobject('OrderSummary').describe();
    const field = (name) => o.fields.find((f) => f.name === name);
    assert.deepEqual(
      [field('GrandTotalAmount').type, field('GrandTotalAmount').updateable, field('GrandTotalAmount').nillable],
      ['currency', false, true],
    );
    assert.deepEqual(field('AccountId').referenceTo, ['Account']);
    assert.ok(field('Status').picklistValues.some((v) => v.value === 'Created' && v.active));
    const items = o.childRelationships.find((r) => r.relationshipName === 'OrderItemSummaries');
    assert.deepEqual([items.childSObject, items.field, items.cascadeDelete], ['OrderItemSummary', 'OrderSummaryId', true]);
    assert.equal(o.recordTypeInfos[0].master, true);
  });

  test('a description that is remembered costs no request', async () => {
    const mine = await connect();
    await mine.describe$('Account');
    const { used } = mine.limitInfo.apiUsage;
    await mine.describe$('Account');
    assert.equal(mine.limitInfo.apiUsage.used, used);
  });

  test('a description that has not changed', async () => {
    const url = `${api}/services/data/v${version}/sobjects/Account/describe`;
    const headers = { Authorization: `Bearer ${conn.accessToken}` };
    const first = await fetch(url, { headers });
    const again = await fetch(url, { headers: { ...headers, 'If-Modified-Since': first.headers.get('last-modified') } });
    assert.deepEqual([first.status, again.status, await again.text()], [200, 304, '']);
  });

  test('describe of nothing', async () => {
    await assert.rejects(conn.describe('Nothing'), { name: 'NOT_FOUND', errorCode: 'NOT_FOUND' });
  });

  test('all fields of an object, as jsforce finds them by describe', async () => {
    const [order] = await conn.sobject('OrderSummary').find({}, '*').limit(1);
    const { fields } = await conn.describe('OrderSummary');
    for (const f of fields) assert.ok(f.name in order, f.name);
  });

  test('identity', async () => {
    const who = await conn.identity();
    assert.equal(who.username, 'integration@somsim.test');
    assert.equal(who.user_id, conn.userInfo.id);
    assert.equal(who.urls.rest, `${api}/services/data/v{version}/`);
    const again = new jsforce.Connection({ version, instanceUrl: api, accessToken: conn.accessToken });
    assert.equal((await again.identity()).user_id, who.user_id); // by way of the list of resources
    const stale = new jsforce.Connection({ version, instanceUrl: api, accessToken: 'stale', userInfo: conn.userInfo });
    stale.userInfo = conn.userInfo;
    await assert.rejects(stale.identity(), { errorCode: 'ERROR_HTTP_403', message: 'Bad_OAuth_Token' });
  });

  test('limits', async () => {
    const mine = await connect();
    const { DailyApiRequests: daily } = await mine.request(`/services/data/v${version}/limits`);
    const { used, limit } = mine.limitInfo.apiUsage;
    assert.deepEqual([daily.Max, daily.Remaining], [limit, limit - used]);
    const { sObjects } = await mine.request(`/services/data/v${version}/limits/recordCount?sObjects=User`);
    assert.deepEqual(sObjects, [{ name: 'User', count: 2 }]);
    assert.equal(mine.limitInfo.apiUsage.used > used, true);
  });

  test('the end of the daily limit', async () => {
    await steer('POST', '/sandboxes', { name: 'jsforce-limit', from: 'default' });
    const mine = await connect('jsforce-limit');
    const { used } = await steer('PUT', '/sandboxes/jsforce-limit/som/daily-api-requests', { max: 0 });
    await steer('PUT', '/sandboxes/jsforce-limit/som/daily-api-requests', { max: used + 1 });
    await mine.query('SELECT Id FROM OrderSummary LIMIT 1');
    await assert.rejects(mine.query('SELECT Id FROM OrderSummary LIMIT 1'), {
      errorCode: 'REQUEST_LIMIT_EXCEEDED',
      message: 'TotalRequests Limit exceeded.',
    });
    assert.deepEqual(mine.limitInfo.apiUsage, { used: used + 1, limit: used + 1 });
  });
});

describe('error classes', () => {
  let conn;
  before(async () => {
    conn = await connect();
  });

  test('a session that the org does not know', async () => {
    const stale = new jsforce.Connection({ version, instanceUrl: api, accessToken: 'stale' });
    await assert.rejects(stale.query('SELECT Id FROM OrderSummary'), { name: 'INVALID_SESSION_ID', errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' });
  });

  test('an unknown resource', async () => {
    await assert.rejects(conn.request(`/services/data/v${version}/nothing`), (err) => {
      assert.equal(err.errorCode, 'NOT_FOUND');
      assert.deepEqual(err.data, { errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' });
      return true;
    });
  });

  test('a wrong verb', async () => {
    await assert.rejects(conn.requestPut(`/services/data/v${version}/limits`, {}), { errorCode: 'METHOD_NOT_ALLOWED' });
  });

  test('a body that is no JSON', async () => {
    await assert.rejects(
      conn.request({ method: 'POST', url: `/services/data/v${version}/sobjects/Account`, body: '{', headers: { 'content-type': 'application/json' } }),
      { errorCode: 'JSON_PARSER_ERROR' },
    );
  });
});
