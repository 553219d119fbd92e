// What an integration built on jsforce does against an org, unpatched: only
// the address of the org is the simulator's (SOMSIM_API).
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { connect, version } from './org.mjs';

describe('with a session', () => {
  let conn;
  before(async () => {
    conn = await connect();
  });

  test('query with a parent path and a child subquery', async () => {
    const result = await conn.query(
      'SELECT Id, OrderNumber, Account.Name, (SELECT Id, QuantityOrdered, OrderDeliveryGroupSummary.OrderDeliveryMethodId FROM OrderItemSummaries) ' +
        'FROM OrderSummary ORDER BY OrderNumber LIMIT 3',
    );
    assert.equal(result.totalSize, 3);
    assert.equal(result.done, true);
    const numbers = result.records.map((r) => r.OrderNumber);
    assert.deepEqual(numbers, [...numbers].sort());
    for (const order of result.records) {
      assert.equal(order.attributes.type, 'OrderSummary');
      assert.ok(order.Account.Name.length > 0);
      assert.ok(order.OrderItemSummaries.totalSize > 0);
      for (const item of order.OrderItemSummaries.records) {
        assert.equal(item.attributes.type, 'OrderItemSummary');
        assert.equal(typeof item.QuantityOrdered, 'number');
        assert.match(item.OrderDeliveryGroupSummary.OrderDeliveryMethodId, /^2Dm\w{15}$/);
      }
    }
  });

  test('children of children', async () => {
    const { records } = await conn.query(
      'SELECT Id, (SELECT Id, (SELECT OrderItemSummaryId, Quantity FROM FulfillmentOrderLineItems) FROM FulfillmentOrders) FROM OrderSummary',
    );
    const allocated = records.filter((r) => r.FulfillmentOrders);
    assert.ok(allocated.length > 0 && allocated.length < records.length);
    for (const order of allocated) {
      for (const fulfillment of order.FulfillmentOrders.records) {
        assert.match(fulfillment.FulfillmentOrderLineItems.records[0].OrderItemSummaryId, /^10u\w{15}$/);
      }
    }
  });

  test('COUNT()', async () => {
    const all = await conn.query('SELECT COUNT() FROM OrderItemSummary');
    const none = await conn.query("SELECT COUNT() FROM OrderItemSummary WHERE Id = '10u000000000000AAA'");
    assert.ok(all.totalSize > 0);
    assert.equal(none.totalSize, 0);
    assert.deepEqual(none.records, []);
  });

  test("jsforce's own query builder", async () => {
    const first = await conn.sobject('OrderSummary').findOne({ OrderNumber: { $ne: null } }, ['Id', 'OrderNumber', 'Status']);
    const again = await conn.sobject('OrderSummary').find({ OrderNumber: first.OrderNumber }, ['Id']).limit(5);
    assert.deepEqual(again.map((r) => r.Id), [first.Id]);
  });

  test('retrieve', async () => {
    const { records } = await conn.query('SELECT Id, OrderNumber, GrandTotalAmount FROM OrderSummary LIMIT 1');
    const order = await conn.sobject('OrderSummary').retrieve(records[0].Id);
    assert.equal(order.attributes.url, `/services/data/v${version}/sobjects/OrderSummary/${records[0].Id}`);
    assert.equal(order.OrderNumber, records[0].OrderNumber);
    assert.equal(order.GrandTotalAmount, records[0].GrandTotalAmount);
  });

  test('retrieve of a row that is not there', async () => {
    await assert.rejects(conn.sobject('OrderSummary').retrieve('1Os000000000000AAA'), { errorCode: 'NOT_FOUND' });
  });

  test('composite with a reference to an earlier answer', async () => {
    const base = `/services/data/v${version}`;
    const { compositeResponse } = await conn.requestPost(`${base}/composite`, {
      allOrNone: true,
      compositeRequest: [
        { method: 'GET', referenceId: 'found', url: `${base}/query?q=${encodeURIComponent('SELECT Id, AccountId FROM OrderSummary LIMIT 1')}` },
        { method: 'GET', referenceId: 'account', url: `${base}/sobjects/Account/@{found.records[0].AccountId}?fields=Name` },
      ],
    });
    assert.deepEqual(compositeResponse.map((r) => [r.referenceId, r.httpStatusCode]), [['found', 200], ['account', 200]]);
    assert.equal(compositeResponse[1].body.Id, compositeResponse[0].body.records[0].AccountId);
    assert.ok(compositeResponse[1].body.Name.length > 0);
  });

  test('a malformed query', async () => {
    await assert.rejects(conn.query('SELECT Id FORM OrderSummary'), (err) => {
      assert.equal(err.name, 'MALFORMED_QUERY');
      assert.equal(err.errorCode, 'MALFORMED_QUERY');
      assert.match(err.message, /ERROR at Row:1:Column:\d+/);
      return true;
    });
  });

  test('an unknown field', async () => {
    await assert.rejects(conn.query('SELECT Id, Colour FROM OrderSummary'), { errorCode: 'INVALID_FIELD' });
  });
});
