// Whatever is written by whomever is text. And neither page reaches into the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, stage, until } from './browser.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

async function inChat(t, options) {
  const set = await stage(t, browser, options);
  await set.visitor.start('First');
  await until(() => set.hub.chat, 'a chat');
  set.hub.accept();
  await set.visitor.frame.getByText(/^Nora joined/).waitFor();
  return set;
}

const kMarkup = ['<img src=x onerror="window.hacked=1">', '<script>window.hacked=1</script>', '&lt;b&gt;&amp;', '</span></div><iframe src="javascript:1">',
  '{{7*7}} ${7*7}', '<svg/onload=alert(1)>'];

test('markup_fromBothSides_isShownAsWritten', async t => {
  const { hub, visitor } = await inChat(t);
  for (const text of kMarkup) {
    await visitor.say(text);
    hub.say(text);
  }
  await until(async () => (await visitor.texts()).length === 1 + 2 * kMarkup.length, 'all of them');
  const texts = await visitor.texts();
  for (const text of kMarkup)
    assert.equal(texts.filter(shown => shown === text).length, 2, text);
  assert.equal(await visitor.frame.locator('.log img, .log script, .log svg:not(.icon), .log iframe').count(), 0);
  assert.equal(await visitor.frame.locator('body').evaluate(() => window.hacked), undefined);
});

test('names_fromTheAgentsSide_areShownAsWrittenOnOneLine', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start('First');
  await until(() => hub.chat, 'a chat');
  hub.accept('<b>Eve</b>\u202e\n Boss');
  hub.say('Hello');
  await visitor.frame.getByText('Hello').waitFor();
  assert.equal(await visitor.frame.locator('h1').textContent(), '\u2068<b>Eve</b>\u2069, \u2068Tallyworks\u2069');
  assert.equal(await visitor.frame.locator('h1 b').count(), 0);
});

test('links_onlyFromAgentsAndOnlyHttp_openElsewhere', async t => {
  const { hub, visitor } = await inChat(t);
  hub.say('Go to https://tallyworks.example/a(b)?x=1&y=2. Or (http://example.org/p), not javascript:alert(1) nor data:text/html,x nor ftp://x.example, '
    + 'nor https://good.example@evil.example/ and https://tallyworks.example\u202emoc.live');
  await visitor.frame.getByText('Go to').waitFor();
  const links = await visitor.theirs.last().locator('a').evaluateAll(all => all.map(a => [a.getAttribute('href'), a.textContent, a.target, a.rel]));
  assert.deepEqual(links, [
    ['https://tallyworks.example/a(b)?x=1&y=2', 'https://tallyworks.example/a(b)?x=1&y=2', '_blank', 'noopener noreferrer nofollow'],
    ['http://example.org/p', 'http://example.org/p', '_blank', 'noopener noreferrer nofollow'],
    ['https://tallyworks.example/', 'https://tallyworks.example', '_blank', 'noopener noreferrer nofollow'],
  ]);
  await visitor.say('mine: https://example.org/');
  await visitor.state('mine:').getByText('Sent').waitFor();
  assert.equal(await visitor.mine.locator('a').count(), 0);
});

test('directionMarks_andControls_stayInsideTheirBubble', async t => {
  const { hub, visitor } = await inChat(t);
  hub.say('\u202eevil\u2066 \u0000\u0007\u001b[31mred\u009b');
  hub.say('مرحبا');
  hub.say('after');
  await visitor.frame.getByText('after').waitFor();
  const texts = await visitor.texts();
  // eslint-disable-next-line no-control-regex
  assert.ok(!/[\u0000-\u0008\u001b\u009b]/.test(texts.join('')));
  const directions = await visitor.theirs.locator('.bubble').evaluateAll(all => all.map(b => [b.dir, getComputedStyle(b).direction, getComputedStyle(b).unicodeBidi]));
  assert.deepEqual(directions.map(one => one[0]), ['auto', 'auto', 'auto']);
  assert.equal(directions[1][1], 'rtl');
  assert.equal(directions[2][1], 'ltr');
  assert.ok(directions.every(one => one[2] === 'isolate'));
  const row = await visitor.theirs.last().locator('.state').textContent();
  assert.match(row, /^\u2068Nora\u2069, \d\d:\d\d$/);
});

test('longText_fromTheVisitor_isRefusedKindlyAndKept', async t => {
  const { hub, visitor } = await inChat(t);
  const text = 'x'.repeat(1_048_576);
  await visitor.composer.evaluate((input, value) => {
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, text);
  await visitor.composer.press('Enter');
  await visitor.frame.getByText('This is 1,048,576 characters. At most 32,000 can be sent.').waitFor();
  assert.equal((await visitor.composer.inputValue()).length, 1_048_576);
  assert.equal(hub.heard.some(frame => frame.t === 'say'), false);
  assert.ok(hub.heard.every(frame => frame.t !== 'typing' || frame.text.length <= 2_000));
  await visitor.composer.fill('short');
  assert.equal(await visitor.frame.getByText('This is 1,048,576').isVisible(), false);
  await visitor.composer.press('Enter');
  await visitor.state('short').getByText('Sent').waitFor();
});

test('longText_fromTheAgent_isCutAndOpensOnDemand', async t => {
  const { hub, visitor } = await inChat(t);
  hub.say('W'.repeat(30_000));
  await visitor.button('Show all of it').waitFor();
  const bubble = visitor.theirs.last().locator('.text');
  assert.ok((await bubble.textContent()).length < 3_000);
  const { width, panel } = await bubble.evaluate(node => ({ width: node.closest('.bubble').getBoundingClientRect().width, panel: innerWidth }));
  assert.ok(width < panel, 'an unbroken word stays inside the panel');
  await visitor.button('Show all of it').click();
  assert.equal((await bubble.textContent()).length, 30_000);
});

test('frames_thatNoHubShouldSend_areSurvived', async t => {
  const { hub, visitor } = await inChat(t);
  const chat = hub.chat.id;
  for (const frame of [null, 5, 'x', [], {}, { t: 'entry' }, { t: 'entry', chat, seq: 'x', text: 5 }, { t: 'entry', chat, seq: 90, author: 7, kind: {}, text: null, name: [] },
    { t: 'log', chat, entries: 'no' }, { t: 'marks', chat }, { t: 'typing', chat, author: 'agent', name: {} }, { t: 'error' }, { t: 'started' },
    { t: 'file.data', file: 'F9' }, { t: 'entry', chat, seq: 91, author: 'agent', kind: 'file', text: '' }, { t: 'unheard.of' }])
    hub.lines.forEach(line => line.send(frame));
  hub.lines.forEach(line => line.socket.send('not json'));
  hub.say('Still here');
  await visitor.frame.getByText('Still here').waitFor();
});

const kWild = `<!doctype html><html lang="en"><head><title>Wild</title><style>
  * { color: red !important; font-size: 40px !important; display: inline !important; box-sizing: content-box !important; }
  body > * { display: none !important; opacity: 0 !important; position: relative !important; transform: scale(3) !important; }
  button, iframe { width: 900px !important; } </style></head>
  <body><p>page</p><script src="/widget.js" data-open async></script></body></html>`;

test('wildPage_itsStylesDoNotReachTheWidget', async t => {
  const { hub, open } = await stage(t, browser);
  hub.routes.set('/wild', kWild);
  const visitor = await open('/wild');
  await visitor.button('Start chat').waitFor();
  const box = await visitor.page.locator('parley-widget iframe').boundingBox();
  assert.equal(Math.round(box.width), 392);
  assert.equal(await visitor.field('Your name').evaluate(input => getComputedStyle(input).color), 'rgb(28, 32, 35)');
  await visitor.button('Minimise').click();
  await visitor.launcher.waitFor(); // it comes back once the panel has closed
  const launcher = await visitor.launcher.boundingBox();
  assert.equal(Math.round(launcher.width), 56);
});

test('strictPage_oneHostInItsPolicyIsEnough', async t => {
  const { hub, visitor, open } = await stage(t, browser);
  const before = await visitor.page.evaluate(() => [document.styleSheets.length, Object.keys(window).length]);
  hub.headers = { 'Content-Security-Policy': `default-src 'none'; script-src ${hub.url}; frame-src ${hub.url}; require-trusted-types-for 'script'` };
  hub.routes.set('/strict', '<!doctype html><html lang="en"><title>Strict</title><body><h1>Strict</h1><script src="/widget.js" data-open></script></body></html>');
  const strict = await open('/strict');
  await strict.start('Hello from a strict page');
  await until(() => hub.chat, 'a chat');
  assert.ok(before[0] >= 1);
});

test('otherOrigin_embedsItAndCannotReadIt', async t => {
  const { hub, visitor } = await stage(t, browser);
  // localhost is another origin than 127.0.0.1.
  hub.routes.set('/elsewhere', `<!doctype html><html lang="en"><title>Elsewhere</title><body><h1>Elsewhere</h1><script src="${hub.url}/widget.js" data-open data-name="Wei"></script></body></html>`);
  await visitor.page.goto(hub.url.replace('127.0.0.1', 'localhost') + '/elsewhere');
  await visitor.start('Secret');
  await until(() => hub.chat, 'a chat');
  assert.equal(await visitor.page.evaluate(() => document.querySelector('parley-widget').shadowRoot.querySelector('iframe').contentDocument), null);
  assert.equal(hub.hellos.at(-1).page.url.includes('localhost'), true);
});
