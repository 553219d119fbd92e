// From a guest's first product to an order that order management has.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { advance, baskets, customers, guest, mails, orders, place, problem, shopper } from './shop.mjs';

const address = { firstName: 'Ada', lastName: 'Nolan', address1: '1 Main Street', city: 'New York', stateCode: 'NY', postalCode: '10001', countryCode: 'US' };

// fill makes a basket that only has to be submitted.
async function fill(token, items) {
  const api = baskets(token);
  const { basketId } = await api.createBasket({ body: {} });
  const of = { parameters: { basketId } };
  await api.addItemToBasket({ ...of, body: items });
  return finish(token, basketId);
}

// finish adds to a basket what an order needs besides products.
async function finish(token, basketId) {
  const api = baskets(token);
  const of = { parameters: { basketId } };
  await api.updateCustomerForBasket({ ...of, body: { email: 'ada@somsim.test' } });
  await api.updateBillingAddressForBasket({ ...of, body: address });
  const shipment = { parameters: { basketId, shipmentId: 'me' } };
  await api.updateShippingAddressForShipment({ ...shipment, body: address });
  const methods = await api.getShippingMethodsForShipment(shipment);
  await api.updateShippingMethodForShipment({ ...shipment, body: { id: methods.applicableShippingMethods[0].id } });
  await api.addPaymentInstrumentToBasket({
    ...of,
    body: { paymentMethodId: 'CREDIT_CARD', paymentCard: { cardType: 'Visa', holder: 'Ada Nolan', maskedNumber: '************1111', expirationMonth: 12, expirationYear: 2030 } },
  });
  return api.getBasket(of);
}

// returnable finds a shopper of the preset who has an order to return something of.
async function returnable() {
  for (let n = 1; n <= 5; n++) {
    const { access_token: token, customer_id: customerId } = await shopper(n);
    const { data } = await customers(token).getCustomerOrders({ parameters: { customerId, limit: 50, expand: ['oms'] } });
    const order = data.find((o) => o.productItems.some((i) => i.omsData?.quantityAvailableToReturn > 0));
    if (order) return { token, order };
  }
  throw new Error('nobody can return anything');
}

describe('an order', () => {
  test('of a guest goes from the basket to order management', async () => {
    const { access_token: token } = await guest();
    const basket = await fill(token, [{ productId: 'MUG', quantity: 2 }, { productId: 'LAMP', quantity: 1 }]);
    const made = await orders(token).createOrder({ body: { basketId: basket.basketId } });
    assert.equal(made.status, 'created');
    assert.equal(made.orderTotal, basket.orderTotal);
    assert.equal((await problem(baskets(token).getBasket({ parameters: { basketId: basket.basketId } }))).name, 'basket-not-found');

    const before = await orders(token).getOrder({ parameters: { orderNo: made.orderNo, expand: ['oms'] } });
    assert.equal(before.omsData, undefined);
    await place(made.orderNo);
    await advance('1m');
    const order = await orders(token).getOrder({ parameters: { orderNo: made.orderNo, expand: ['oms', 'oms_shipments'] } });
    assert.equal(order.status, 'new');
    assert.equal(order.exportStatus, 'exported');
    assert.ok(order.omsData.status);
    assert.deepEqual(order.omsData.shipments, []);
    const [mugs] = order.productItems;
    assert.equal(mugs.productId, 'MUG');
    assert.equal(mugs.omsData.status, 'ordered');
    assert.equal(mugs.omsData.quantityOrdered, 2);
    assert.equal(mugs.omsData.quantityAvailableToCancel, 2);
  });

  test('of a registered shopper is made of the basket that the guest filled, and cancelled', async () => {
    const visitor = await guest();
    const { basketId } = await baskets(visitor.access_token).createBasket({ body: { productItems: [{ productId: 'SCARF', quantity: 1 }] } });
    const { access_token: token, customer_id: customerId } = await shopper(1, visitor.usid);
    const mine = await baskets(token).transferBasket({});
    assert.equal(mine.basketId, basketId);
    assert.equal(mine.customerInfo.customerId, customerId);
    await finish(token, basketId);
    const { orderNo } = await orders(token).createOrder({ body: { basketId } });
    await place(orderNo);
    await advance('1m');

    const history = await customers(token).getCustomerOrders({ parameters: { customerId, limit: 1 } });
    assert.equal(history.data[0].orderNo, orderNo);
    assert.ok(history.total > 1);
    const reasons = await orders(token).getOmsMetaData({});
    assert.equal(reasons.cancelReasonCodes.filter((r) => r.default).length, 1);
    const of = { parameters: { orderNo } };
    assert.equal((await problem(orders(token).cancelOmsOrder({ ...of, body: { reason: 'boredom' } }))).name, 'invalid-reason-code');
    await orders(token).cancelOmsOrder({ ...of, body: { reason: 'Changed Mind' } });
    const after = await orders(token).getOrder({ parameters: { orderNo, expand: ['oms'] } });
    assert.equal(after.productItems[0].omsData.status, 'canceled');
    assert.equal(after.productItems[0].omsData.quantityCanceled, 1);
    assert.equal((await problem(orders(token).cancelOmsOrder({ ...of, body: {} }))).name, 'order-cancel-failed');
  });

  test('of somebody else does not exist', async () => {
    const { access_token: token } = await guest();
    const refused = await problem(orders(token).getOrder({ parameters: { orderNo: '00000101' } }));
    assert.equal(refused.status, 404);
    assert.equal(refused.type, 'https://api.commercecloud.salesforce.com/documentation/error/v1/errors/order-not-found');
  });

  test('of a preset is returned in part', async () => {
    const { token, order } = await returnable();
    const item = order.productItems.find((i) => i.omsData.quantityAvailableToReturn > 0);
    const of = { parameters: { orderNo: order.orderNo } };
    const ask = (body) => orders(token).returnOmsOrder({ ...of, body });
    assert.deepEqual((await problem(ask({ productItems: [{ itemId: 'none', quantity: 1 }] }))).unknownItemIds, ['none']);
    const much = await problem(ask({ productItems: [{ itemId: item.itemId, quantity: item.omsData.quantityAvailableToReturn + 1 }] }));
    assert.equal(much.name, 'return-quantity-exceeded');
    await ask({ productItems: [{ itemId: item.itemId, quantity: 1, reason: 'Damaged' }] });
    const after = await orders(token).getOrder({ parameters: { orderNo: order.orderNo, expand: ['oms'] } });
    const now = after.productItems.find((i) => i.itemId === item.itemId);
    assert.equal(now.omsData.quantityReturnInitiated, item.omsData.quantityReturnInitiated + 1);
  });
});

describe('a guest who has lost the session', () => {
  test('opens an order by a mailed code', async () => {
    const first = await guest();
    const basket = await fill(first.access_token, [{ productId: 'MUG', quantity: 1 }]);
    const { orderNo } = await orders(first.access_token).createOrder({ body: { basketId: basket.basketId } });
    await place(orderNo);
    await advance('1m');

    const { access_token: token } = await guest();
    const of = { parameters: { orderNo } };
    assert.equal((await problem(orders(token).getOrder(of))).name, 'order-not-found');
    assert.equal((await problem(orders(token).guestOrderLookup({ ...of, body: {} }))).name, 'insufficient-identifying-information');
    const part = await orders(token).guestOrderLookup({ ...of, body: { email: 'ada@somsim.test', postalCode: '10001' } });
    assert.equal(part.orderTotal, basket.orderTotal);
    assert.equal(part.customerInfo, undefined);

    await orders(token).requestOrderAccessCode({ ...of, body: { email: 'ada@somsim.test' } });
    const { code } = (await mails('ada@somsim.test')).find((m) => m.about === orderNo);
    const full = await orders(token).guestOrderLookup({ ...of, body: { orderViewCode: code } });
    assert.equal(full.customerInfo.email, 'ada@somsim.test');
    const byView = await orders(token).guestOrderLookup({ ...of, body: { orderViewCode: full.orderViewCode } });
    assert.equal(byView.orderToken, full.orderToken);
    const cancelled = await orders(token).cancelOmsOrder({ ...of, body: { orderAccessCode: code } });
    assert.equal(cancelled.productItems[0].omsData.status, 'canceled');
  });
});

describe('baskets', () => {
  test('one a shopper, and temporary ones beside it that can be promoted', async () => {
    const { access_token: token } = await guest();
    const first = await baskets(token).createBasket({ body: {} });
    const more = await problem(baskets(token).createBasket({ body: {} }));
    assert.equal(more.name, 'customer-baskets-quota-exceeded');
    assert.deepEqual(more.basketIds, [first.basketId]);
    const temporary = await baskets(token).createBasket({ parameters: { temporary: true }, body: {} });
    const of = { parameters: { basketId: temporary.basketId } };
    assert.equal((await problem(baskets(token).promoteTemporaryBasket(of))).name, 'basket-not-promotable-exception');
    const promoted = await baskets(token).promoteTemporaryBasket({ parameters: { basketId: temporary.basketId, overrideExisting: true } });
    assert.notEqual(promoted.temporaryBasket, true);
    assert.equal((await problem(baskets(token).getBasket({ parameters: { basketId: first.basketId } }))).status, 404);
  });

  test('coupons, quantities and what is refused', async () => {
    const { access_token: token } = await guest();
    const { basketId } = await baskets(token).createBasket({ body: {} });
    const of = { parameters: { basketId } };
    const full = await baskets(token).addItemToBasket({ ...of, body: [{ productId: 'MUG', quantity: 1, c_engraving: 'A' }] });
    assert.equal(full.productItems[0].c_engraving, 'A');
    const item = { parameters: { basketId, itemId: full.productItems[0].itemId } };
    assert.equal((await baskets(token).updateItemInBasket({ ...item, body: { quantity: 3 } })).productItems[0].quantity, 3);
    assert.equal((await problem(baskets(token).addItemToBasket({ ...of, body: [{ productId: 'none', quantity: 1 }] }))).name, 'product-not-found');
    assert.equal((await problem(baskets(token).transferBasket({}))).name, 'forbidden');
    assert.equal((await baskets(token).removeItemFromBasket(item)).productItems, undefined);
  });
});
