'use strict';

/*
 * Calls order-ops at the extension points of orders, for OCAPI and for SCAPI alike. The service `orderops.hooks` is set up in
 * Business Manager: its URL is https://…/order-ops/v1/hooks, its password the secret that order-ops has as hooks-secret. The
 * attributes c_action, c_actionRequestId, c_reasonCode, c_items and so on are custom attributes of the system object Order.
 */
var LocalServiceRegistry = require('dw/svc/LocalServiceRegistry');
var Mac = require('dw/crypto/Mac');
var Encoding = require('dw/crypto/Encoding');
var Bytes = require('dw/util/Bytes');
var Status = require('dw/system/Status');
var Transaction = require('dw/system/Transaction');

function signed(secret, body) {
    var seconds = Math.floor(Date.now() / 1000).toString();
    var digest = new Mac(Mac.HMAC_SHA_256).digest(new Bytes(seconds + '.' + body, 'UTF-8'), new Bytes(secret, 'UTF-8'));
    return 't=' + seconds + ',v1=' + Encoding.toHex(digest);
}

function service() {
    return LocalServiceRegistry.createService('orderops.hooks', {
        createRequest: function (svc, call) {
            var body = JSON.stringify(call);
            svc.setRequestMethod('POST');
            svc.addHeader('Content-Type', 'application/json');
            svc.addHeader('correlation-id', request.requestID);
            svc.addHeader('Order-Ops-Signature', signed(svc.getConfiguration().getCredential().getPassword(), body));
            return body;
        },
        parseResponse: function (svc, client) {
            return JSON.parse(client.text);
        },
        filterLogMessage: function () {
            return '(not logged)';
        }
    });
}

function ask(hook, order, input, document) {
    var customer = order.customer;
    var left = request.custom.orderOps || {};
    var result = service().call({
        hook: 'dw.ocapi.shop.order.' + hook,
        api: request.isSCAPI() ? 'scapi' : 'ocapi',
        site_id: require('dw/system/Site').current.ID,
        version: '23.2',
        client_id: request.clientId,
        caller: { type: customer && customer.registered ? 'registered' : 'guest', customer_id: customer ? customer.ID : undefined },
        resource: { order_no: order.orderNo },
        input: input,
        document: document,
        custom: left
    });
    if (!result.ok) {
        // All that a script can do is refuse: 400 HookStatusException with this code.
        return { status: 'ERROR', code: 'OMS_UNAVAILABLE', message: 'order-ops answered ' + result.error };
    }
    Object.keys(result.object.custom || {}).forEach(function (name) {
        left[name] = result.object.custom[name];
    });
    request.custom.orderOps = left;
    return result.object;
}

// A status of OK would end the chain of hooks at the point, so where all is well nothing is returned.
function refusal(answer) {
    if (answer.status !== 'ERROR') {
        return undefined;
    }
    var status = new Status(Status.ERROR, answer.code, answer.message);
    Object.keys(answer.details || {}).forEach(function (name) {
        status.addDetail(name, JSON.stringify(answer.details[name]));
    });
    return status;
}

// What order-ops reads of an order; c_* as OCAPI writes them.
function documentOf(order, input) {
    var document = {
        order_no: order.orderNo,
        site_id: require('dw/system/Site').current.ID,
        status: order.status.displayValue.toLowerCase(),
        export_status: order.exportStatus.displayValue.toLowerCase().replace(' ', '_'),
        currency: order.currencyCode,
        order_total: order.totalGrossPrice.value,
        creation_date: order.creationDate.toISOString(),
        customer_info: { customer_id: order.customer ? order.customer.ID : undefined },
        product_items: order.productLineItems.toArray().map(function (item) {
            return {
                item_id: item.UUID, product_id: item.productID, product_name: item.productName,
                quantity: item.quantityValue, price_after_order_discount: item.proratedPrice.value
            };
        })
    };
    Object.keys(input || {}).forEach(function (name) {
        if (name.indexOf('c_') === 0) {
            document[name] = order.custom[name.substring(2)];
        }
    });
    return document;
}

exports.beforePATCH = function (order, orderInput) {
    return refusal(ask('beforePATCH', order, orderInput, documentOf(order, orderInput)));
};

exports.afterPATCH = function (order, orderInput) {
    var answer = ask('afterPATCH', order, orderInput, documentOf(order, orderInput));
    var refused = refusal(answer);
    if (!refused && answer.changes) {
        Transaction.wrap(function () {
            Object.keys(answer.changes).forEach(function (name) {
                order.custom[name.substring(2)] = answer.changes[name];
            });
        });
    }
    return refused;
};

function show(hook, order, orderResponse) {
    var answer = ask(hook, order, null, documentOf(order));
    Object.keys(answer.document || {}).forEach(function (name) {
        if (name.indexOf('c_') === 0) {
            orderResponse[name] = answer.document[name];
        }
    });
    return refusal(answer);
}

exports.modifyPATCHResponse = function (order, orderResponse) {
    return show('modifyPATCHResponse', order, orderResponse);
};

exports.modifyGETResponse = function (order, orderResponse) {
    return show('modifyGETResponse', order, orderResponse);
};
