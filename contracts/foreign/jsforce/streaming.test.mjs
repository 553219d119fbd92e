// What jsforce's streaming client receives of the org's platform events: live
// ones, replayed ones, and what it is told when it asks for the impossible.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { connect, control, steer } from './org.mjs';

const sandbox = 'streaming';
const created = '/event/OrderSummaryCreatedEvent';
const changed = '/event/OrderSumStatusChangedEvent';

// inbox collects what a subscription is given; take waits for the next one.
function inbox() {
  const waiting = [];
  const given = [];
  return {
    put: (event) => (waiting.length > 0 ? waiting.shift()(event) : given.push(event)),
    take: () => (given.length > 0 ? Promise.resolve(given.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

// refusal is why a subscription does not come about.
const refusal = ({ subscription }) => new Promise((resolve, reject) => subscription.then(() => reject(new Error('it was taken')), resolve));

describe('streaming', { timeout: 60_000 }, () => {
  const clients = [];
  let conn;
  let order;
  before(async () => {
    await steer('POST', '/sandboxes', { name: sandbox, clock: 'manual' });
    conn = await connect(sandbox);
    order = (await conn.query("SELECT Id, OriginalOrderId FROM OrderSummary WHERE OrderNumber = '00000101'")).records[0];
  });
  after(async () => {
    for (const client of clients) await client.disconnect();
  });

  // listen makes a client of its own, with extensions.
  function listen(channel, ...extensions) {
    const client = conn.streaming.createClient(extensions);
    clients.push(client);
    const box = inbox();
    return { client, box, subscription: client.subscribe(channel, box.put) };
  }
  const setStatus = (Status) => conn.sobject('OrderSummary').update({ Id: order.Id, Status });

  test('a live event on a channel', async () => {
    const box = inbox();
    const subscription = conn.streaming.channel(changed).subscribe(box.put);
    clients.push({ disconnect: () => conn.streaming.unsubscribe(changed, subscription) });
    await subscription;
    await setStatus('On Hold');
    const { schema, payload, event } = await box.take();
    assert.equal(schema.length, 22);
    assert.deepEqual(
      { ...payload, CreatedDate: undefined, CreatedById: undefined },
      { NewStatus: 'On Hold', OldStatus: 'Created', OrderId: order.OriginalOrderId, OrderSummaryId: order.Id, CreatedDate: undefined, CreatedById: undefined },
    );
    assert.match(payload.CreatedById, /^005\w{15}$/);
    assert.ok(!Number.isNaN(Date.parse(payload.CreatedDate)));
    assert.match(event.EventUuid, /^[0-9a-f-]{36}$/);
    await setStatus('Approved');
    assert.equal((await box.take()).event.replayId, event.replayId + 1);
  });

  test('a new order summary, live', async () => {
    const { box, subscription } = listen(created);
    await subscription;
    const row = (await conn.query(`SELECT AccountId, Pricebook2Id, EffectiveDate, CurrencyIsoCode, (SELECT PricebookEntryId, UnitPrice FROM OrderItems WHERE TypeCode = 'Product') FROM Order WHERE Id = '${order.OriginalOrderId}'`)).records[0];
    const { AccountId, Pricebook2Id, EffectiveDate, CurrencyIsoCode } = row;
    const draft = await conn.sobject('Order').create({ AccountId, Pricebook2Id, EffectiveDate, CurrencyIsoCode, Status: 'Draft' });
    const method = await conn.sobject('OrderDeliveryMethod').findOne({}, ['Id']);
    const group = await conn.sobject('OrderDeliveryGroup').create({ OrderId: draft.id, DeliverToName: 'Erika', OrderDeliveryMethodId: method.Id });
    const { PricebookEntryId, UnitPrice } = row.OrderItems.records[0];
    await conn.sobject('OrderItem').create({ OrderId: draft.id, OrderDeliveryGroupId: group.id, PricebookEntryId, UnitPrice, Quantity: 1 });
    await conn.sobject('Order').update({ Id: draft.id, Status: 'Activated' });
    const summary = await conn.requestPost('/commerce/order-management/order-summaries', { orderId: draft.id, orderLifeCycleType: 'MANAGED' });
    const { payload } = await box.take();
    assert.deepEqual([payload.OrderId, payload.OrderSummaryId], [draft.id, summary.orderSummaryId]);
  });

  test('every event that is retained', async () => {
    const { box } = listen(created, new StreamingExtension.Replay(created, -2));
    const { totalSize } = await conn.query('SELECT COUNT() FROM OrderSummary');
    const seen = [];
    while (seen.length < totalSize) seen.push((await box.take()).event.replayId);
    assert.deepEqual(seen, [...new Set(seen)].sort((a, b) => a - b));
  });

  test('events after one', async () => {
    const listed = await (await fetch(`${control}/control/v1/sandboxes/${sandbox}/som/events?channel=${created}`)).json();
    const [first, second, third] = listed.events.map((e) => e.data);
    const { box } = listen(created, new StreamingExtension.Replay(created, first.event.replayId));
    assert.deepEqual([await box.take(), await box.take()], [second, third]);
  });

  test('new events only', async () => {
    const { box, subscription } = listen(changed, new StreamingExtension.Replay(changed, -1));
    await subscription;
    await setStatus('On Hold');
    assert.equal((await box.take()).payload.NewStatus, 'On Hold');
  });

  test('channels and replay ids that do not exist', async () => {
    const missing = (channel) => `400::The channel you requested to subscribe to does not exist {${channel}}`;
    for (const channel of ['/topic/Orders', '/data/OrderSummaryChangeEvent', '/event/Nothing__e']) {
      assert.equal((await refusal(listen(channel))).message, missing(channel));
    }
    const { message } = await refusal(listen(created, new StreamingExtension.Replay(created, 987654321)));
    assert.match(message, /^400::The replayId \{987654321\} you provided was invalid\. /);
  });

  test('a client that the org has forgotten goes on where it was', async () => {
    const { box, subscription } = listen(changed, new StreamingExtension.Replay(changed, -1));
    await subscription;
    await setStatus('Created');
    assert.equal((await box.take()).payload.NewStatus, 'Created');
    await steer('POST', `/sandboxes/${sandbox}/faults`, {
      name: 'forgotten', times: 1, match: { system: 'som', operation: 'streaming', contains: '/meta/connect' }, effect: { kind: 'vendor_error', code: '403::Unknown client' },
    });
    await steer('POST', `/sandboxes/${sandbox}/clock/advance`, { duration: '2m' });
    await setStatus('On Hold');
    assert.equal((await box.take()).payload.NewStatus, 'On Hold');
  });

  test('a session that is not good', async () => {
    const token = conn.accessToken;
    try {
      conn.accessToken = `${token}x`;
      const refused = inbox();
      listen(created, new StreamingExtension.AuthFailure(refused.put));
      const { error, ext } = await refused.take();
      assert.equal(error, '403::Handshake denied');
      assert.equal(ext.sfdc.failureReason, '401::Authentication invalid');
    } finally {
      conn.accessToken = token;
    }
    clients.pop(); // it never connected, and has nothing to disconnect
  });

  test('the journal has every request', async () => {
    const journal = await (await fetch(`${control}/control/v1/sandboxes/${sandbox}/journal?operation=streaming`)).json();
    const channels = journal.entries.flatMap((e) => JSON.parse(e.request.body).map((m) => m.channel));
    for (const kind of ['handshake', 'connect', 'subscribe']) assert.ok(channels.includes(`/meta/${kind}`), kind);
    assert.ok(journal.entries.every((e) => e.system === 'som' && e.path.startsWith('/cometd/') && !e.bug));
  });
});
