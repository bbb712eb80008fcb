// Against the real parley-hub: its files, its policy, its log; the agent here is a few lines of the protocol.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { hasNoViolations, launch, until, Visitor } from './browser.js';

const kRoot = fileURLToPath(new URL('../../../', import.meta.url));
const kBin = process.env.PARLEY_BIN_DIR ?? ['build/bin', 'build/dev/bin'].map(folder => join(kRoot, folder)).find(folder => existsSync(join(folder, 'parley-hub')));
const kPassword = 'correct horse battery';

let browser;
before(async () => {
  assert.ok(kBin && existsSync(join(kBin, 'parley-hub')), 'parley-hub is missing: build it, or name its folder in PARLEY_BIN_DIR');
  browser = await launch();
});
after(() => browser?.close());

class RealHub {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'parley-widget-'));
    const added = spawnSync(join(kBin, 'parley-hub'), ['agent', 'add', '--data', this.folder, '--email', 'nora@tallyworks.example', '--name', 'Nora Whitfield'],
      { input: `${kPassword}\n`, encoding: 'utf8' });
    assert.equal(added.status, 0, added.stderr);
  }

  async start(listen = '127.0.0.1:0', more = []) {
    this.process = spawn(join(kBin, 'parley-hub'), ['serve', '--listen', listen, '--data', this.folder, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await Promise.race([new Promise(resolve => createInterface(this.process.stdout).once('line', text => resolve([text]))),
      new Promise((_, reject) => this.process.once('exit', code => reject(new Error(`parley-hub ended with ${code}`))))]);
    this.ready = JSON.parse(line);
    this.url = this.ready.url.replace(/\/$/, '');
    return this;
  }

  kill() {
    const gone = new Promise(resolve => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    return gone;
  }

  async stop() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An agent at the hub's other door. */
class Agent {
  constructor(hub) {
    this.frames = [];
    this.count = 0;
    this.socket = new WebSocket(hub.ready.agentWs);
    this.socket.on('error', () => {});
    this.socket.on('message', data => {
      const frame = JSON.parse(data);
      if (frame.t === 'ping')
        this.send({ t: 'pong' });
      this.frames.push(frame);
    });
    this.opened = new Promise(resolve => this.socket.once('open', resolve));
  }

  async signIn() {
    await this.opened;
    this.send({ t: 'hello', v: 1, email: 'nora@tallyworks.example', password: kPassword });
    await this.heard(frame => frame.t === 'synced', 'synced');
    this.send({ t: 'presence', status: 'available', capacity: 6 });
    return this;
  }

  send(frame) {
    this.socket.send(JSON.stringify(frame));
  }

  heard(check, what) {
    return until(() => this.frames.find(check), what);
  }

  async accept() {
    const { chat } = await this.heard(frame => frame.t === 'chat' && frame.chat.state === 'waiting', 'a waiting chat');
    this.chat = chat.id;
    this.send({ t: 'accept', chat: chat.id, cid: 'x-1' });
    await this.heard(frame => frame.t === 'chat' && frame.chat.state === 'open', 'the open chat');
    return chat;
  }

  say(text) {
    this.send({ t: 'say', chat: this.chat, cid: `a-${this.count += 1}`, text });
  }

  async log() {
    this.frames = this.frames.filter(frame => frame.t !== 'log');
    this.send({ t: 'resume', chat: this.chat, after: 0 });
    return (await this.heard(frame => frame.t === 'log', 'the log')).entries;
  }
}

async function stage(t, { agents = true } = {}) {
  const hub = await new RealHub().start();
  const agent = agents ? await new Agent(hub).signIn() : null;
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1000, height: 720 } });
  context.setDefaultTimeout(20_000);
  const problems = [];
  context.on('weberror', error => problems.push(String(error.error())));
  context.on('console', message => message.type() === 'error' && !/WebSocket connection|net::ERR_|favicon/.test(message.text()) && problems.push(message.text()));
  t.after(async () => {
    await context.close();
    agent?.socket.terminate();
    await hub.stop();
    assert.deepEqual(problems, []);
  });
  const page = await context.newPage();
  await page.goto(`${hub.url}/?open`);
  return { hub, agent, context, visitor: new Visitor(page) };
}

/** Fills whatever form the hub asks for. */
async function begin(visitor, text) {
  await visitor.field('Your name').fill('Amelia Hart');
  await visitor.field('Email').fill('amelia.hart@northgate.example');
  await visitor.field('Department').selectOption('Billing');
  await visitor.field('How can we help?').fill(text);
  await visitor.button('Start chat').click();
  await visitor.composer.waitFor();
}

test('realHub_wholeChat_fieldsWordsMarksAndEnd', async t => {
  const { agent, visitor } = await stage(t);
  await begin(visitor, 'Our invoice charges 14 seats.');
  const chat = await agent.accept();
  assert.equal(chat.fields['Visitor.Email'], 'amelia.hart@northgate.example');
  assert.equal(chat.fields['LiveChat.Department'], 'Billing');
  assert.equal(chat.fields['Variable.OrderId'], '20391');
  await visitor.frame.getByText(/^Nora joined the chat/).waitFor();
  await visitor.composer.pressSequentially('we have 12', { delay: 20 });
  await agent.heard(frame => frame.t === 'typing' && frame.text === 'we have 12', 'the preview');
  await visitor.composer.press('Enter');
  await visitor.state('we have 12').getByText('Sent').waitFor();
  agent.send({ t: 'read', chat: agent.chat, delivered: 4, read: 4 });
  await visitor.state('we have 12').getByText('Seen').waitFor();
  agent.send({ t: 'typing', chat: agent.chat, text: 'hm' });
  await visitor.frame.getByText('Nora is typing').waitFor();
  agent.send({ t: 'say', chat: agent.chat, cid: 'n-1', kind: 'note', text: 'secret note' });
  agent.say('Thanks, Amelia.');
  await visitor.frame.getByText('Thanks, Amelia.').waitFor();
  assert.equal(await visitor.frame.getByText('secret note').count(), 0);
  await agent.heard(frame => frame.t === 'marks' && frame.readSeq >= 6, 'that the visitor has read it');
  await hasNoViolations(visitor);
  agent.send({ t: 'end', chat: agent.chat, cid: 'e-1' });
  await visitor.frame.getByText(/^Nora ended the chat/).waitFor();
});

test('realHub_killedAndBack_nothingLostNothingDouble', async t => {
  const { hub, agent, visitor } = await stage(t);
  await begin(visitor, 'First');
  await agent.accept();
  await visitor.say('Before');
  await visitor.state('Before').getByText('Sent').waitFor();
  const listen = new URL(hub.url).host;
  await hub.kill();
  await visitor.say('While away 1');
  await visitor.say('While away 2');
  await visitor.frame.locator('.banner.line').waitFor();
  await hub.start(listen);
  await visitor.state('While away 2').getByText('Sent').waitFor({ timeout: 25_000 });
  const again = await new Agent(hub).signIn();
  again.chat = agent.chat;
  const texts = (await again.log()).filter(entry => entry.kind === 'text').map(entry => entry.text);
  assert.deepEqual(texts, ['First', 'Before', 'While away 1', 'While away 2']);
  assert.deepEqual(await visitor.texts(), texts);
  await visitor.page.reload();
  await until(async () => (await visitor.texts()).join() === texts.join(), 'the same after a reload');
  again.socket.terminate();
});

test('realHub_fileBothWays_arrivesWhole', async t => {
  const { agent, visitor } = await stage(t);
  await begin(visitor, 'First');
  await agent.accept();
  const bytes = randomBytes(400_000);
  await visitor.frame.locator('input[type=file]').setInputFiles({ name: 'scan.bin', mimeType: 'application/octet-stream', buffer: bytes });
  await visitor.button('Send').click();
  await visitor.mine.filter({ hasText: 'scan.bin' }).locator('.state').getByText('Sent').waitFor();
  // Fetched back by another page of the same visitor, which does not hold it.
  await visitor.page.reload();
  const download = visitor.page.waitForEvent('download');
  await visitor.frame.getByRole('button', { name: /^Download scan\.bin/ }).click();
  const hash = createHash('sha256');
  for await (const chunk of await (await download).createReadStream())
    hash.update(chunk);
  assert.equal(hash.digest('hex'), createHash('sha256').update(bytes).digest('hex'));
});

test('realHub_twoTabs_shareTheChat', async t => {
  const { hub, agent, context, visitor } = await stage(t);
  const page = await context.newPage();
  await page.goto(`${hub.url}/?open`);
  const second = new Visitor(page);
  await second.button('Start chat').waitFor();
  await begin(visitor, 'First');
  await second.frame.getByText('First').waitFor();
  await agent.accept();
  await second.say('From the second tab');
  await visitor.frame.getByText('From the second tab').waitFor();
  agent.say('To both');
  for (const one of [visitor, second])
    await until(async () => (await one.texts()).join() === 'First,From the second tab,To both', 'the same in both');
});

test('realHub_nobodyThere_messageIsLeft_thenAnAgentComes', async t => {
  const { hub, visitor } = await stage(t, { agents: false });
  await visitor.field('Your name').fill('Wei Zhang');
  await visitor.field('Email').fill('wei.zhang@example.org');
  await visitor.field('Message').fill('The reset email never arrives.');
  await visitor.button('Send message').click();
  await visitor.frame.getByText('Your message is with us').waitFor();
  const agent = await new Agent(hub).signIn();
  await visitor.button('Start chat').waitFor();
  agent.socket.terminate();
});

test('realHub_anotherWebsite_embedsIt', async t => {
  const { hub, agent, visitor } = await stage(t);
  const site = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' })
    .end(`<!doctype html><html lang="en"><title>Elsewhere</title><body><h1>Elsewhere</h1><script src="${hub.ready.widget}" data-open></script></body></html>`));
  await new Promise(resolve => site.listen(0, '127.0.0.1', resolve));
  t.after(() => site.close());
  await visitor.page.goto(`http://localhost:${site.address().port}/`);
  await begin(visitor, 'From another website');
  await agent.accept();
  await visitor.frame.getByText(/^Nora joined/).waitFor();
});

test('realHub_listOfSites_othersCannotEmbedIt', async t => {
  const hub = new RealHub();
  const sites = [];
  for (const _ of [1, 2]) {
    const site = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/html' })
      .end(`<!doctype html><html lang="en"><title>A site</title><body><h1>A site</h1><script src="${hub.ready.widget}" data-open></script></body></html>`));
    await new Promise(resolve => site.listen(0, '127.0.0.1', resolve));
    t.after(() => site.close());
    sites.push(`http://localhost:${site.address().port}`);
  }
  await hub.start('127.0.0.1:0', ['--site', sites[0]]);
  const agent = await new Agent(hub).signIn();
  const context = await browser.newContext({ locale: 'en-GB' });
  t.after(async () => {
    await context.close();
    agent.socket.terminate();
    await hub.stop();
  });
  const page = await context.newPage();
  const said = [];
  page.on('console', message => said.push(message.text()));
  await page.goto(sites[0]);
  await begin(new Visitor(page), 'From a site on the list');
  await agent.accept();
  await page.goto(sites[1]);
  await until(() => said.some(text => /frame-ancestors/.test(text)), 'the browser to refuse the frame');
  assert.equal(await new Visitor(page).composer.count(), 0);
});

test('realHub_hostileText_staysText', async t => {
  const { agent, visitor } = await stage(t);
  await begin(visitor, 'First');
  await agent.accept();
  const texts = ['<img src=x onerror=alert(1)>', '\u202eabc', 'line\nline', 'مرحبا', '👩‍👩‍👧‍👦', 'x'.repeat(31_999)];
  for (const text of texts)
    await visitor.say(text);
  await visitor.state('xxx').getByText('Sent').waitFor();
  const said = (await agent.log()).filter(entry => entry.kind === 'text').map(entry => entry.text);
  assert.deepEqual([said[1], ...said.slice(3)], [texts[0], ...texts.slice(2)]);
});
