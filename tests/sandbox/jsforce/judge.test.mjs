// jsforce, a Salesforce client that knows nothing of Parley, judges the sandbox: whatever it finds strange is our fault.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import readline from 'node:readline';
import jsforce from 'jsforce';

const program = path.join(process.env.PARLEY_BIN_DIR ?? '../../../build/dev/bin', 'parley-sandbox');
let child;
let org;
let conn;

before(async () => {
    child = spawn(program, ['--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = readline.createInterface({ input: child.stdout });
    const first = await new Promise((resolve, reject) => {
        lines.once('line', resolve);
        child.once('exit', (code) => reject(new Error(`parley-sandbox ended with ${code}`)));
    });
    org = JSON.parse(first).salesforce;
    conn = new jsforce.Connection({ loginUrl: org.loginUrl, version: '62.0' });
    const user = await conn.login(org.username, org.password);
    assert.match(user.organizationId, /^00D/);
});

after(() => child.kill());

const form = (values) => ({ method: 'POST', body: new URLSearchParams(values), redirect: 'manual' });
const ticketIn = (html) => /name="ticket" value="([^"]+)"/.exec(html)[1];

async function signIn(redirectUri, challenge, decision, state = 'st&te/1') {
    const url = new URL(org.loginUrl + '/services/oauth2/authorize');
    url.search = new URLSearchParams({
        response_type: 'code', client_id: org.clientId, redirect_uri: redirectUri, state, scope: 'api refresh_token id',
        ...(challenge ? { code_challenge: challenge } : {}),
    });
    const page = await (await fetch(url)).text();
    const consent = await (await fetch(org.loginUrl + '/services/oauth2/signin',
        form({ ticket: ticketIn(page), username: org.username, pw: org.password, Login: 'Log In' }))).text();
    assert.match(consent, /id="oaapprove"/);
    const reply = await fetch(org.loginUrl + '/services/oauth2/consent',
        form({ ticket: ticketIn(consent), [decision]: 'x' }));
    assert.equal(reply.status, 302);
    return new URL(reply.headers.get('location'));
}

test('soap login refuses a wrong password', async () => {
    const other = new jsforce.Connection({ loginUrl: org.loginUrl });
    await assert.rejects(other.login(org.username, 'wrong'), /INVALID_LOGIN/);
});

test('oauth web server flow with PKCE, refresh with rotation, revoke', async () => {
    const oauth2 = new jsforce.OAuth2({
        loginUrl: org.loginUrl, clientId: org.clientId, redirectUri: org.redirectUris[0], useVerifier: true,
    });
    const challenge = createHash('sha256').update(oauth2.codeVerifier).digest('base64url');
    const back = await signIn(org.redirectUris[0], challenge, 'oaapprove');
    assert.equal(back.searchParams.get('state'), 'st&te/1');
    const signedIn = new jsforce.Connection({ oauth2, loginUrl: org.loginUrl, version: '62.0' });
    await signedIn.authorize(back.searchParams.get('code'));
    const identity = await signedIn.identity();
    assert.equal(identity.username, org.username);
    const first = signedIn.refreshToken;
    const renewed = await oauth2.refreshToken(first);
    assert.notEqual(renewed.refresh_token, first);
    await assert.rejects(oauth2.refreshToken(first), /expired access\/refresh token/);
    signedIn.accessToken = 'stale';
    signedIn.refreshToken = renewed.refresh_token;
    signedIn.on('refresh', (_token, answer) => { signedIn.refreshToken = answer.refresh_token; }); // jsforce forgets it
    assert.equal((await signedIn.query('SELECT COUNT() FROM User')).totalSize, 5);
    const [access, last] = [signedIn.accessToken, signedIn.refreshToken];
    await signedIn.logout(true);
    await assert.rejects(oauth2.refreshToken(last), /expired access\/refresh token/);
    const data = await fetch(org.loginUrl + '/services/data/v62.0/limits', { headers: { authorization: `Bearer ${access}` } });
    assert.equal(data.status, 401);
});

test('a code with the wrong verifier is worth nothing, and a refusal says access_denied', async () => {
    const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
    const back = await signIn(org.redirectUris[1], challenge, 'oaapprove');
    const reply = await fetch(org.loginUrl + '/services/oauth2/token', form({
        grant_type: 'authorization_code', code: back.searchParams.get('code'), client_id: org.clientId,
        redirect_uri: org.redirectUris[1], code_verifier: randomBytes(64).toString('base64url'),
    }));
    assert.equal(reply.status, 400);
    assert.equal((await reply.json()).error, 'invalid_grant');
    const denied = await signIn(org.redirectUris[1], challenge, 'oadeny');
    assert.equal(denied.searchParams.get('error'), 'access_denied');
    assert.equal(denied.searchParams.get('code'), null);
});

test('create, read, update, delete', async () => {
    const made = await conn.sobject('Contact').create({ FirstName: 'Ann', LastName: "O'Hara", Email: 'ann@example.org' });
    assert.equal(made.success, true);
    assert.match(made.id, /^003.{15}$/);
    await conn.sobject('Contact').update({ Id: made.id, Title: 'Captain' });
    const read = await conn.sobject('Contact').retrieve(made.id);
    assert.equal(read.Name, "Ann O'Hara");
    assert.equal(read.Title, 'Captain');
    assert.equal(read.OwnerId, conn.userInfo.id);
    await conn.sobject('Contact').destroy(made.id);
    await assert.rejects(conn.sobject('Contact').retrieve(made.id), { errorCode: 'ENTITY_IS_DELETED' });
});

test('refusals carry code and fields', async () => {
    await assert.rejects(conn.sobject('Contact').create({ FirstName: 'X' }), (error) => {
        assert.equal(error.errorCode, 'REQUIRED_FIELD_MISSING');
        assert.match(error.message, /Required fields are missing: \[LastName\]/);
        return true;
    });
    await assert.rejects(conn.sobject('Contact').create({ LastName: 'X', Nope: 1 }), { errorCode: 'INVALID_FIELD' });
    await assert.rejects(conn.query('SELECT Nope FROM Contact'), { errorCode: 'INVALID_FIELD' });
    await assert.rejects(conn.query('SELECT Id FROM'), { errorCode: 'MALFORMED_QUERY' });
});

test('query by builder, with children and parents', async () => {
    const found = await conn.sobject('Contact')
        .find({ Email: { $like: 'amelia%' } }, 'Id, Name, Account.Name, Owner.Name')
        .include('Cases').select('Id, Subject').end();
    assert.equal(found.length, 1);
    assert.equal(found[0].Account.Name, 'Northgate Logistics');
    assert.equal(found[0].Owner.Name, 'Lewis Grant');
    assert.equal(found[0].Cases.records.length, 1);
});

test('pages with queryMore and autoFetch', async () => {
    const records = Array.from({ length: 450 }, (_, i) => ({ LastName: `Paged ${i}`, Department: 'Paging' }));
    const made = await conn.sobject('Contact').create(records, { allowRecursive: true });
    assert.equal(made.filter((one) => one.success).length, 450);
    const headers = { 'Sforce-Query-Options': 'batchSize=200' };
    const soql = "SELECT Id, Name FROM Contact WHERE Department = 'Paging' ORDER BY CreatedDate, Name";
    const first = await conn.query(soql, { headers });
    assert.equal(first.totalSize, 450);
    assert.equal(first.done, false);
    assert.equal(first.records.length, 200);
    const second = await conn.queryMore(first.nextRecordsUrl);
    const third = await conn.queryMore(second.nextRecordsUrl);
    assert.equal(third.done, true);
    assert.equal(new Set([...first.records, ...second.records, ...third.records].map((r) => r.Id)).size, 450);
    await assert.rejects(conn.queryMore('/services/data/v62.0/query/01gNONE-200'), { errorCode: 'INVALID_QUERY_LOCATOR' });
    await conn.sobject('Contact').destroy(made.map((one) => one.id), { allowRecursive: true });
});

test('upsert by external id', async () => {
    const lead = { LastName: 'Upsert', Company: 'Extern', External_Ref__c: 'ext-1 x' };
    const created = await conn.sobject('Lead').upsert({ ...lead }, 'External_Ref__c');
    assert.equal(created.created, true);
    const updated = await conn.sobject('Lead').upsert({ ...lead, Company: 'Changed' }, 'External_Ref__c');
    assert.equal(updated.created, false);
    assert.equal(updated.id, created.id);
    assert.equal((await conn.sobject('Lead').retrieve(created.id)).Company, 'Changed');
});

test('composite with references is all or nothing', async () => {
    const base = '/services/data/v62.0/sobjects';
    const request = (phone) => conn.request({
        method: 'POST', url: '/services/data/v62.0/composite', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
            allOrNone: true,
            compositeRequest: [
                { method: 'POST', url: `${base}/Account`, referenceId: 'acc', body: { Name: 'Composite Ltd' } },
                { method: 'POST', url: `${base}/Contact`, referenceId: 'con', body: { LastName: 'Composed', AccountId: '@{acc.id}', ...phone } },
                { method: 'GET', url: `${base}/Contact/@{con.id}?fields=Name,AccountId`, referenceId: 'read' },
            ],
        }),
    });
    const good = await request({});
    assert.deepEqual(good.compositeResponse.map((one) => one.httpStatusCode), [201, 201, 200]);
    assert.equal(good.compositeResponse[2].body.AccountId, good.compositeResponse[0].body.id);
    const bad = await request({ Email: 'not an address' });
    assert.deepEqual(bad.compositeResponse.map((one) => one.httpStatusCode), [400, 400, 400]);
    assert.equal(bad.compositeResponse[0].body[0].errorCode, 'PROCESSING_HALTED');
    assert.equal(bad.compositeResponse[1].body[0].errorCode, 'INVALID_EMAIL_ADDRESS');
    assert.equal((await conn.query("SELECT COUNT() FROM Account WHERE Name = 'Composite Ltd'")).totalSize, 1);
});

test('describe, global describe, layouts, record types', async () => {
    const global = await conn.describeGlobal();
    assert.ok(global.sobjects.some((one) => one.name === 'Lead' && one.keyPrefix === '00Q'));
    const lead = await conn.sobject('Lead').describe();
    const required = lead.fields.filter((f) => f.createable && !f.nillable && !f.defaultedOnCreate).map((f) => f.name);
    assert.deepEqual(required, ['LastName', 'Company']);
    assert.equal(lead.recordTypeInfos.filter((one) => !one.master && one.available).length, 2);
    const layouts = await conn.sobject('Lead').layouts();
    assert.equal(layouts.layouts, null);
    const mapping = layouts.recordTypeMappings.find((one) => one.defaultRecordTypeMapping);
    const layout = await conn.request(mapping.urls.layout);
    assert.equal(layout.id, mapping.layoutId);
    assert.equal(layout.editLayoutSections[0].heading, 'Who is it');
    const compact = await conn.sobject('Contact').compactLayouts();
    assert.equal(compact.compactLayouts[0].name, 'SYSTEM');
});

test('search finds by e-mail and by name', async () => {
    const found = await conn.search('FIND {amelia.hart@northgate.example} IN EMAIL FIELDS RETURNING Contact(Id, Name), Lead(Id)');
    assert.equal(found.searchRecords.length, 1);
    assert.equal(found.searchRecords[0].Name, 'Amelia Hart');
    const byName = await conn.request('/services/data/v62.0/parameterizedSearch/?q=Lindqvist&sobject=Contact&Contact.fields=Id,Name');
    assert.equal(byName.searchRecords.length, 3);
});

test('files are filed on records, and notes too', async () => {
    const [contact] = await conn.sobject('Contact').find({ Email: 'amelia.hart@northgate.example' }, 'Id');
    const bytes = Buffer.from('Hello, file\n');
    const file = await conn.sobject('ContentVersion').create({
        Title: 'Transcript', PathOnClient: 'transcript.txt', VersionData: bytes.toString('base64'), FirstPublishLocationId: contact.Id,
    });
    const version = await conn.sobject('ContentVersion').retrieve(file.id);
    assert.equal(version.FileExtension, 'txt');
    const raw = await fetch(org.loginUrl + version.VersionData, { headers: { authorization: `Bearer ${conn.accessToken}` } });
    assert.equal(await raw.text(), 'Hello, file\n');
    const note = await conn.sobject('ContentNote').create({ Title: 'Chat', Content: Buffer.from('<p>a &amp; b</p>').toString('base64') });
    await conn.sobject('ContentDocumentLink').create({ ContentDocumentId: note.id, LinkedEntityId: contact.Id, ShareType: 'V' });
    const links = await conn.query(`SELECT ContentDocument.Title, ContentDocument.FileType FROM ContentDocumentLink WHERE LinkedEntityId = '${contact.Id}'`);
    assert.deepEqual(links.records.map((one) => one.ContentDocument.Title).sort(), ['Chat', 'Transcript']);
});

test('client credentials and password grant sign in too', async () => {
    const oauth2 = { loginUrl: org.loginUrl, clientId: org.clientId, clientSecret: org.clientSecret };
    const server = new jsforce.Connection({ loginUrl: org.loginUrl, oauth2, version: '62.0' });
    await server.authorize({ grant_type: 'client_credentials' });
    assert.equal((await server.identity()).username, org.username);
    assert.equal(server.refreshToken ?? null, null);
    const person = new jsforce.Connection({ loginUrl: org.loginUrl, oauth2, version: '62.0' });
    await person.loginByOAuth2(org.username, org.password);
    assert.equal((await person.query('SELECT Id FROM User LIMIT 1')).totalSize, 1);
    await assert.rejects(person.loginByOAuth2(org.username, 'wrong'), /authentication failure/);
    const stranger = new jsforce.Connection({ loginUrl: org.loginUrl, oauth2: { ...oauth2, clientSecret: 'x' } });
    await assert.rejects(stranger.authorize({ grant_type: 'client_credentials' }), /invalid client credentials/);
});

test('many records at once: created, read, updated, upserted, deleted', async () => {
    const contacts = conn.sobject('Contact');
    const made = await contacts.insert([{ LastName: 'Several 1' }, { LastName: 'Several 2' }, { FirstName: 'No last name' }]);
    assert.deepEqual(made.map((one) => one.success), [true, true, false]);
    assert.equal(made[2].errors[0].statusCode ?? made[2].errors[0].errorCode, 'REQUIRED_FIELD_MISSING');
    const ids = made.slice(0, 2).map((one) => one.id);
    const read = await contacts.retrieve(ids);
    assert.deepEqual(read.map((one) => one.LastName), ['Several 1', 'Several 2']);
    const updated = await contacts.update(ids.map((Id) => ({ Id, Title: 'Both' })));
    assert.ok(updated.every((one) => one.success));
    const mixed = await contacts.update([{ Id: ids[0], Title: 'One' }, { Id: '003000000000000AAA', Title: 'None' }], { allOrNone: true });
    assert.deepEqual(mixed.map((one) => one.success), [false, false]);
    assert.equal((await contacts.retrieve(ids[0])).Title, 'Both');
    const leads = [1, 2].map((n) => ({ LastName: 'Many', Company: 'Ltd', External_Ref__c: `many-${n}` }));
    assert.deepEqual((await conn.sobject('Lead').upsert(leads, 'External_Ref__c')).map((one) => one.created), [true, true]);
    assert.deepEqual((await conn.sobject('Lead').upsert(leads, 'External_Ref__c')).map((one) => one.created), [false, false]);
    await assert.rejects(contacts.insert([{ LastName: 'x', Nope: 1 }]), { errorCode: 'INVALID_FIELD' });
    assert.ok((await contacts.destroy(ids)).every((one) => one.success));
    const gone = await conn.query(`SELECT Id, IsDeleted FROM Contact WHERE Id IN ('${ids.join("','")}')`, { scanAll: true });
    assert.deepEqual(gone.records.map((one) => one.IsDeleted), [true, true]);
});

test('a query fetches on its own, up to a limit', async () => {
    const headers = { 'Sforce-Query-Options': 'batchSize=200' };
    const leads = Array.from({ length: 410 }, (_, i) => ({ LastName: `Fetched ${i}`, Company: 'Fetching' }));
    const made = await conn.sobject('Lead').create(leads, { allowRecursive: true });
    const fetch = async (maxFetch) => {
        const records = [];
        const query = conn.query("SELECT Id FROM Lead WHERE Company = 'Fetching'", { autoFetch: true, maxFetch, headers });
        query.on('record', (record) => records.push(record.Id));
        await new Promise((resolve, reject) => { query.on('end', resolve); query.on('error', reject); query.run({ autoFetch: true, maxFetch }); });
        return new Set(records).size;
    };
    assert.equal(await fetch(10000), 410);
    assert.equal(await fetch(250), 250);
    await conn.sobject('Lead').destroy(made.map((one) => one.id), { allowRecursive: true });
});

test('recent, updated, deleted', async () => {
    const start = new Date(Date.now() - 60000).toISOString();
    const made = await conn.sobject('Contact').create({ LastName: 'Recently' });
    const recent = await conn.recent('Contact', 3);
    assert.equal(recent[0].Id, made.id);
    const end = new Date(Date.now() + 60000).toISOString();
    assert.ok((await conn.sobject('Contact').updated(start, end)).ids.includes(made.id));
    await conn.sobject('Contact').destroy(made.id);
    const deleted = await conn.sobject('Contact').deleted(start, end);
    assert.ok(deleted.deletedRecords.some((one) => one.id === made.id));
});

test('describes are cached, and not asked for again when unchanged', async () => {
    const contact = conn.sobject('Contact');
    const first = await contact.describe$();
    assert.equal(contact.describe$$().name, first.name);
    const url = `${org.loginUrl}/services/data/v62.0/sobjects/Contact/describe`;
    const authorization = `Bearer ${conn.accessToken}`;
    const fresh = await fetch(url, { headers: { authorization } });
    const again = await fetch(url, { headers: { authorization, 'if-none-match': fresh.headers.get('etag') } });
    assert.equal(again.status, 304);
    const since = await fetch(url, { headers: { authorization, 'if-modified-since': fresh.headers.get('last-modified') } });
    assert.equal(since.status, 304);
});

test('requests by hand: verbs, versions and addresses are refused in their way', async () => {
    const refusal = (method, path, body) => assert.rejects.bind(null, conn.request({
        method, url: `/services/data/v62.0/${path}`, body: body && JSON.stringify(body), headers: { 'content-type': 'application/json' },
    }));
    const [{ Id }] = await conn.sobject('Contact').find({}, 'Id').limit(1);
    await refusal('PUT', `sobjects/Contact/${Id}`, {})({ errorCode: 'METHOD_NOT_ALLOWED' });
    await refusal('POST', `sobjects/Contact/${Id}`, {})({ errorCode: 'METHOD_NOT_ALLOWED' });
    await refusal('PATCH', `sobjects/Contact/${Id}`, { Id })({ errorCode: 'INVALID_FIELD' });
    await refusal('PATCH', `sobjects/Contact/${Id}`, { AccountId: Id })({ errorCode: 'FIELD_INTEGRITY_EXCEPTION' });
    await refusal('GET', 'sobjects/Contact/nonsense')({ errorCode: 'NOT_FOUND' });
    const batch = await conn.requestPost('/services/data/v62.0/composite/batch', {
        batchRequests: [{ method: 'GET', url: 'v62.0/sobjects/Nope' }, { method: 'GET', url: 'v62.0/limits' }],
    });
    assert.deepEqual([batch.hasErrors, ...batch.results.map((one) => one.statusCode)], [true, 404, 200]);
    assert.ok((await conn.requestGet('/services/data/v62.0/limits')).DailyApiRequests.Max > 0);
    assert.ok((await conn.limits()).DailyApiRequests.Max > 0);
});

// The envelope of Python's simple-salesforce, which asks for its session by name.
test('the soap login of other clients', async () => {
    const envelope = `<?xml version="1.0" encoding="utf-8" ?>
<env:Envelope xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com">
<env:Header><urn:CallOptions><urn:client>another</urn:client><urn:defaultNamespace>sf</urn:defaultNamespace></urn:CallOptions></env:Header>
<env:Body><n1:login xmlns:n1="urn:partner.soap.sforce.com"><n1:username>${org.username}</n1:username>
<n1:password>${org.password}</n1:password></n1:login></env:Body></env:Envelope>`;
    const reply = await fetch(`${org.loginUrl}/services/Soap/u/59.0`, {
        method: 'POST', body: envelope,
        headers: { 'content-type': 'text/xml', charset: 'UTF-8', SOAPAction: 'login', 'accept-encoding': 'gzip, deflate' },
    });
    const xml = await reply.text();
    const inside = (tag) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)[1];
    assert.equal(new URL(inside('serverUrl')).origin, org.loginUrl);
    const read = await fetch(`${org.loginUrl}/services/data/v59.0/query/?q=${encodeURIComponent('SELECT Id FROM User LIMIT 1')}`, {
        headers: { authorization: `Bearer ${inside('sessionId')}`, 'X-PrettyPrint': '1', 'Sforce-Call-Options': 'client=another', accept: '*/*' },
    });
    assert.equal((await read.json()).totalSize, 1);
});

test('limits are counted', async () => {
    await conn.query('SELECT Id FROM Organization');
    const { apiUsage } = conn.limitInfo;
    assert.ok(apiUsage.used > 0 && apiUsage.limit === 15000);
});
