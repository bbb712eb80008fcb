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
    const lead = { LastName: 'Upsert', Company: 'Extern', External_Ref__c: 'ext/1 x' };
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

test('limits are counted', async () => {
    await conn.query('SELECT Id FROM Organization');
    const { apiUsage } = conn.limitInfo;
    assert.ok(apiUsage.used > 0 && apiUsage.limit === 15000);
});
