// Rows, composites and collections through jsforce, unpatched, against the org
// at SOMSIM_API.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import jsforce from 'jsforce';

const api = process.env.SOMSIM_API;
const version = '60.0';
const base = `/services/data/v${version}`;

let conn;
before(async () => {
  conn = new jsforce.Connection({ version, oauth2: { loginUrl: api, clientId: 'somsim', clientSecret: 'somsim' } });
  await conn.authorize({ grant_type: 'client_credentials' });
});

// A name of its own for each test, since all share one org.
let serial = 0;
const unique = (word) => `${word} ${(serial += 1)}`;

describe('one row', () => {
  test('create, retrieve, update, delete', async () => {
    const contacts = conn.sobject('Contact');
    const created = await contacts.create({ FirstName: 'Erika', LastName: unique('Muster'), Email: 'erika@somsim.test' });
    assert.equal(created.success, true);
    assert.deepEqual(created.errors, []);
    assert.match(created.id, /^003\w{15}$/);
    assert.equal((await contacts.retrieve(created.id)).FirstName, 'Erika');
    const updated = await contacts.update({ Id: created.id, FirstName: 'Grete' });
    assert.equal(updated.success, true);
    assert.equal(updated.id, created.id);
    assert.equal((await contacts.retrieve(created.id, { fields: ['FirstName'] })).FirstName, 'Grete');
    assert.equal((await contacts.destroy(created.id)).success, true);
    await assert.rejects(contacts.retrieve(created.id), { name: 'NOT_FOUND', errorCode: 'NOT_FOUND' });
    await assert.rejects(contacts.update({ Id: created.id, FirstName: 'x' }), { errorCode: 'ENTITY_IS_DELETED' });
    const all = await conn.query(`SELECT IsDeleted FROM Contact WHERE Id = '${created.id}'`, { scanAll: true });
    assert.deepEqual(all.records.map((r) => r.IsDeleted), [true]);
  });

  test('upsert by an external id', async () => {
    const location = { ExternalReference: 'js-1', Name: 'Store 1', LocationType: 'Store' };
    const created = await conn.sobject('Location').upsert(location, 'ExternalReference');
    assert.equal(created.success, true);
    assert.equal(created.created, true);
    const updated = await conn.sobject('Location').upsert({ ...location, Name: 'Store one' }, 'ExternalReference');
    assert.equal(updated.id, created.id);
    assert.equal(updated.created, false);
    assert.equal((await conn.sobject('Location').findOne({ ExternalReference: 'js-1' }, ['Name'])).Name, 'Store one');
  });

  test('what changed lately', async () => {
    const contacts = conn.sobject('Contact');
    const { id } = await contacts.create({ LastName: unique('Lately') });
    const at = new Date((await contacts.retrieve(id)).CreatedDate);
    const span = [new Date(at - 60_000), new Date(at.getTime() + 3_600_000)];
    assert.ok((await contacts.updated(...span)).ids.includes(id));
    await contacts.destroy(id);
    const { deletedRecords } = await contacts.deleted(...span);
    assert.ok(deletedRecords.some((r) => r.id === id));
    assert.ok(!(await contacts.updated(...span)).ids.includes(id));
  });

  test('what the org refuses', async () => {
    const contacts = conn.sobject('Contact');
    await assert.rejects(contacts.create({ FirstName: 'x' }), (err) => {
      assert.equal(err.name, 'REQUIRED_FIELD_MISSING');
      assert.equal(err.errorCode, 'REQUIRED_FIELD_MISSING');
      assert.equal(err.message, 'Required fields are missing: [LastName]');
      assert.deepEqual(err.data.fields, ['LastName']);
      return true;
    });
    await assert.rejects(contacts.create({ LastName: 'x', Email: 'nobody', OwnerId: 'me' }), (err) => {
      assert.equal(err.name, 'MULTIPLE_API_ERRORS');
      assert.deepEqual(err.data.map((e) => e.errorCode), ['INVALID_EMAIL_ADDRESS', 'MALFORMED_ID']);
      return true;
    });
    await assert.rejects(contacts.create({ LastName: 'x', Colour: 'red' }), { errorCode: 'INVALID_FIELD' });
    await assert.rejects(contacts.create({ LastName: 'x', AccountId: '0015i0000009999AAA' }), { errorCode: 'INVALID_CROSS_REFERENCE_KEY' });
    await assert.rejects(conn.sobject('Spaceship').create({ Name: 'x' }), { errorCode: 'NOT_FOUND' });
    await assert.rejects(conn.sobject('OrderSummary').create({ Status: 'Created' }), { errorCode: 'INVALID_TYPE_FOR_OPERATION' });
    await assert.rejects(conn.requestPost(`${base}/composite`, { compositeRequest: [] }), { errorCode: 'JSON_PARSER_ERROR' });
    await assert.rejects(conn.request(`${base}/nothing`), { errorCode: 'NOT_FOUND' });
  });
});

describe('many rows', () => {
  test('create, retrieve, update, upsert, delete', async () => {
    const contacts = conn.sobject('Contact');
    const name = unique('Many');
    const made = await contacts.create([{ LastName: name }, { FirstName: 'nameless' }, { LastName: name }]);
    assert.deepEqual(made.map((r) => r.success), [true, false, true]);
    assert.equal(made[1].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
    const ids = [made[0].id, made[2].id];
    const rows = await contacts.retrieve(ids, { fields: ['LastName'] });
    assert.deepEqual(rows.map((r) => [r.Id, r.LastName]), ids.map((id) => [id, name]));
    const updated = await contacts.update(ids.map((Id, i) => ({ Id, FirstName: `n${i}` })));
    assert.deepEqual(updated.map((r) => r.id), ids);
    const upserted = await conn.sobject('Location').upsert(
      [1, 2].map((n) => ({ ExternalReference: `js-many-${n}`, Name: `Store ${n}`, LocationType: 'Store' })), 'ExternalReference',
    );
    assert.deepEqual(upserted.map((r) => r.success), [true, true]);
    assert.deepEqual((await contacts.destroy(ids)).map((r) => r.success), [true, true]);
    assert.equal((await conn.query(`SELECT COUNT() FROM Contact WHERE LastName = '${name}'`)).totalSize, 0);
  });

  test('all or none', async () => {
    const name = unique('Together');
    const made = await conn.sobject('Contact').create([{ LastName: name }, { FirstName: 'nameless' }], { allOrNone: true });
    assert.deepEqual(made.map((r) => r.errors[0].statusCode), ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING']);
    assert.equal((await conn.query(`SELECT COUNT() FROM Contact WHERE LastName = '${name}'`)).totalSize, 0);
  });

  test('a query over five pages', async () => {
    const name = unique('Page');
    const rows = Array.from({ length: 950 }, (_, i) => ({ LastName: name, FirstName: String(i).padStart(4, '0') }));
    const made = await conn.sobject('Contact').create(rows, { allowRecursive: true });
    assert.ok(made.every((r) => r.success));
    const soql = `SELECT Id, FirstName FROM Contact WHERE LastName = '${name}' ORDER BY FirstName`;
    const headers = { 'Sforce-Query-Options': 'batchSize=200' };

    const first = await conn.query(soql, { headers });
    assert.equal(first.totalSize, 950);
    assert.equal(first.done, false);
    assert.equal(first.records.length, 200);
    const second = await conn.queryMore(first.nextRecordsUrl, { headers });
    assert.equal(second.records[0].FirstName, '0200');

    let pages = 0;
    const fetched = [];
    const query = conn.query(soql, { autoFetch: true, maxFetch: 10_000, headers });
    query.on('fetch', () => (pages += 1));
    query.on('record', (r) => fetched.push(r.FirstName));
    await new Promise((resolve, reject) => query.on('end', resolve).on('error', reject).run({ autoFetch: true, maxFetch: 10_000 }));
    assert.equal(pages, 5);
    assert.deepEqual(fetched, rows.map((r) => r.FirstName));
    await assert.rejects(conn.queryMore('01g000000000000AAA-200'), { errorCode: 'INVALID_QUERY_LOCATOR' });
  });
});

describe('requests inside requests', () => {
  test('composite with references', async () => {
    const name = unique('Composite');
    const { compositeResponse } = await conn.requestPost(`${base}/composite`, {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'account', body: { Name: name } },
        { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'contact', body: { LastName: name, AccountId: '@{account.id}' } },
        { method: 'GET', url: `${base}/sobjects/Contact/@{contact.id}/Account?fields=Name`, referenceId: 'parent' },
      ],
    });
    assert.deepEqual(compositeResponse.map((r) => r.httpStatusCode), [201, 201, 200]);
    assert.equal(compositeResponse[2].body.Name, name);
    assert.equal(compositeResponse[0].httpHeaders.Location, `${base}/sobjects/Account/${compositeResponse[0].body.id}`);
  });

  test('a composite that is rolled back', async () => {
    const name = unique('Halted');
    const { compositeResponse } = await conn.requestPost(`${base}/composite`, {
      allOrNone: true,
      compositeRequest: [
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'good', body: { Name: name } },
        { method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'bad', body: {} },
      ],
    });
    assert.deepEqual(compositeResponse.map((r) => r.body[0].errorCode), ['PROCESSING_HALTED', 'REQUIRED_FIELD_MISSING']);
    assert.equal((await conn.query(`SELECT COUNT() FROM Account WHERE Name = '${name}'`)).totalSize, 0);
  });

  test('batch, graph and tree', async () => {
    const batch = await conn.requestPost(`${base}/composite/batch`, {
      batchRequests: [{ method: 'GET', url: `v${version}/limits` }, { method: 'GET', url: `v${version}/sobjects/Account/x` }],
    });
    assert.equal(batch.hasErrors, true);
    assert.deepEqual(batch.results.map((r) => r.statusCode), [200, 404]);
    const { graphs } = await conn.requestPost(`${base}/composite/graph`, {
      graphs: [{ graphId: 'g', compositeRequest: [{ method: 'POST', url: `${base}/sobjects/Account`, referenceId: 'a', body: { Name: unique('Graph') } }] }],
    });
    assert.equal(graphs[0].isSuccessful, true);
    const tree = await conn.requestPost(`${base}/composite/tree/Account`, {
      records: [{
        attributes: { type: 'Account', referenceId: 'a' }, Name: unique('Tree'),
        Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: 'Leaf' }] },
      }],
    });
    assert.equal(tree.hasErrors, false);
    assert.deepEqual(tree.results.map((r) => r.referenceId), ['a', 'c']);
  });
});

describe('searching', () => {
  test('SOSL and what was used lately', async () => {
    const word = `Zanzibar${Date.now()}`;
    const made = await conn.sobject('Account').create({ Name: `${word} Trading` });
    const { searchRecords } = await conn.search(`FIND {${word}} IN NAME FIELDS RETURNING Account(Id, Name), Contact(Id)`);
    assert.deepEqual(searchRecords.map((r) => r.Name), [`${word} Trading`]);
    assert.equal((await conn.recent(1))[0].Id, made.id);
    assert.equal((await conn.recent('Account'))[0].Id, made.id);
  });
});
