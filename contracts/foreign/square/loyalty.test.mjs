// What a shop does with Square's own SDK, unpatched: only the base URL is the
// simulator's (SOMSIM_API), which serves Square below /loyalty.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SquareClient, SquareError } from 'square';

const client = (token = 'somsim') => new SquareClient({ token, baseUrl: `${process.env.SOMSIM_API}/loyalty` });
const { loyalty } = client();

// anAccount finds the account of a shopper.
async function anAccount() {
  const { loyaltyAccounts } = await loyalty.accounts.search({ limit: 1 });
  assert.equal(loyaltyAccounts.length, 1);
  return loyaltyAccounts[0];
}

test('points are earned, adjusted and told of', async () => {
  const { id, balance } = await anAccount();
  const location = { locationId: 'main' };
  const { events } = await loyalty.accounts.accumulatePoints({
    accountId: id, accumulatePoints: { points: 50, orderId: 'SDK-1' }, idempotencyKey: 'sdk-1', ...location,
  });
  assert.deepEqual(events.map((e) => e.type), ['ACCUMULATE_POINTS']);
  await loyalty.accounts.accumulatePoints({ accountId: id, accumulatePoints: { points: 50, orderId: 'SDK-1' }, idempotencyKey: 'sdk-1', ...location });
  const { event } = await loyalty.accounts.adjust({ accountId: id, adjustPoints: { points: -20, reason: 'returned' }, idempotencyKey: 'sdk-2' });
  assert.equal(event.adjustPoints.points, -20);
  const { loyaltyAccount } = await loyalty.accounts.get({ accountId: id });
  assert.equal(loyaltyAccount.balance, balance + 30);
  const found = await loyalty.searchEvents({ query: { filter: { loyaltyAccountFilter: { loyaltyAccountId: id } } }, limit: 30 });
  assert.deepEqual(found.events.slice(0, 2).map((e) => e.type).sort(), ['ACCUMULATE_POINTS', 'ADJUST_POINTS']);
});

test('a token that nobody knows', async () => {
  await assert.rejects(client('wrong').loyalty.accounts.search({}), (err) => {
    assert.ok(err instanceof SquareError);
    assert.equal(err.statusCode, 401);
    return true;
  });
});
