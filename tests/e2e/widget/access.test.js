// For everyone: keyboard alone, screen readers, right to left, dark, small screens, large text; axe finds nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hasNoViolations, launch, stage, until } from './browser.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

const focused = visitor => visitor.frame.locator('body').evaluate(() => {
  const at = document.activeElement;
  return at?.getAttribute('aria-label') || at?.labels?.[0]?.textContent || at?.textContent || at?.tagName;
});

test('keyboard_alone_fromLauncherToEndedChat', async t => {
  const { hub, visitor } = await stage(t, browser, { path: '/' });
  const { keyboard } = visitor.page;
  await visitor.launcher.waitFor();
  for (let i = 0; i < 30 && !await visitor.page.evaluate(() => document.activeElement?.tagName === 'PARLEY-WIDGET'); ++i)
    await keyboard.press('Tab');
  await keyboard.press('Enter');
  await until(async () => await focused(visitor) === 'Your name*', 'focus on the first empty field');
  for (const [keys, next] of [['Amelia Hart', 'Email*'], ['amelia@example.org', 'Company'], ['', 'Phone'], ['', 'Department*'], ['Bill', 'Product'],
    ['', 'How can we help?'], ['Keyboard only', 'I agree that my details are used to answer me.*']]) {
    await keyboard.type(keys);
    await keyboard.press('Tab');
    assert.equal(await focused(visitor), next);
  }
  await keyboard.press('Space');
  await keyboard.press('Tab');
  if (/Privacy/.test(await focused(visitor)))
    await keyboard.press('Tab');
  assert.equal(await focused(visitor), 'Start chat');
  await keyboard.press('Enter');
  await until(async () => await focused(visitor) === 'Write a message', 'focus in the composer');
  await until(() => hub.chat, 'a chat');
  assert.equal(hub.chat.fields.department, 'Billing');
  hub.accept();
  await keyboard.type('hello ');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  assert.equal(await focused(visitor), 'Emoji');
  await keyboard.press('Enter');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  assert.equal(await focused(visitor), 'Sad');
  await keyboard.press('Escape');
  assert.equal(await focused(visitor), 'Emoji');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  await until(() => hub.texts().includes('hello'), 'the message');
  // The menu: open, walk, leave.
  await visitor.button('More').focus();
  await keyboard.press('Enter');
  assert.equal(await focused(visitor), 'Save this chat');
  await keyboard.press('ArrowDown');
  assert.equal(await focused(visitor), 'End chat');
  await keyboard.press('Enter');
  assert.equal(await focused(visitor), 'Keep chatting');
  await keyboard.press('Escape');
  assert.equal(await focused(visitor), 'Write a message');
  // Esc puts the panel away and focus goes back to where it came from; nothing typed is lost.
  await keyboard.type('draft');
  await keyboard.press('Escape');
  await until(() => visitor.launcher.isVisible(), 'the launcher');
  assert.equal(await visitor.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className), 'launcher');
  await keyboard.press('Enter');
  await until(async () => await focused(visitor) === 'Write a message', 'back in the composer');
  assert.equal(await visitor.composer.inputValue(), 'draft');
});

test('focus_tabbingOn_leavesThePanelAgain', async t => {
  const { visitor } = await stage(t, browser);
  await visitor.field('Your name').focus();
  let left = false;
  for (let i = 0; i < 40 && !left; ++i) {
    await visitor.page.keyboard.press('Shift+Tab');
    left = await visitor.page.evaluate(() => document.activeElement.tagName !== 'PARLEY-WIDGET');
  }
  assert.ok(left, 'the panel is no trap');
});

test('open_byThePageAndNotByTheVisitor_doesNotTakeFocus', async t => {
  const { hub, open } = await stage(t, browser);
  hub.routes.set('/opened', '<!doctype html><html lang="en"><title>x</title><body><h1>x</h1><script src="/widget.js" data-open></script></body></html>');
  for (const path of ['/?open', '/opened']) {
    const visitor = await open(path);
    await visitor.button('Start chat').waitFor();
    assert.equal(await visitor.page.evaluate(() => document.activeElement.tagName), 'BODY', path);
    await visitor.page.evaluate(() => { window.Parley.close(); window.Parley.open(); });
    await until(async () => await focused(visitor) === 'Your name*', 'focus when the page says that its visitor asked');
  }
});

test('roles_dialogLogAndLabels_areThere', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.frame.getByRole('dialog', { name: 'Chat with Tallyworks' }).waitFor();
  assert.equal(await visitor.page.locator('parley-widget iframe').getAttribute('title'), 'Chat with Tallyworks');
  await visitor.start('First');
  await until(() => hub.chat, 'a chat');
  hub.accept();
  const log = visitor.frame.getByRole('log', { name: 'Messages' });
  await log.waitFor();
  await until(async () => await log.getAttribute('aria-live') === 'polite', 'politeness after the history was shown');
  hub.say('Spoken');
  await visitor.frame.getByText('Spoken').waitFor();
  assert.match(await visitor.theirs.last().innerText(), /^Nora said:\s*Spoken\s*\u2068Nora\u2069, \d\d:\d\d$/);
  assert.equal(await log.getAttribute('aria-live'), 'polite');
});

test('targets_everyControl_isLargeEnough', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start('First');
  await until(() => hub.chat, 'a chat');
  hub.accept();
  for (const button of await visitor.frame.locator('button:visible').all()) {
    const { width, height, label } = await button.evaluate(node => ({ width: node.offsetWidth, height: node.offsetHeight, label: node.ariaLabel ?? node.textContent }));
    assert.ok(height >= 44 && width >= 44, `${label}: ${width} x ${height}`);
  }
});

for (const [name, options, path] of [
  ['light', {}, '/?open'],
  ['dark', { colorScheme: 'dark' }, '/?open'],
  ['rtl', { locale: 'ar' }, '/?open&lang=ar'],
  ['phone', { viewport: { width: 320, height: 568 } }, '/?open'],
  ['forcedColours', { forcedColors: 'active' }, '/?open'],
])
  test(`axe_everyState_${name}_findsNothing`, async t => {
    const { hub, visitor } = await stage(t, browser, { context: { reducedMotion: 'reduce', ...options }, path });
    const l = selector => visitor.frame.locator(selector);
    await l('form .primary').waitFor();
    await hasNoViolations(visitor);
    await l('form .primary').click();
    await hasNoViolations(visitor);
    await l('[name=name]').fill('Amelia Hart');
    await l('[name=email]').fill('amelia@example.org');
    await l('[name=department]').selectOption('Billing');
    await l('[name=consent]').check();
    await l('form .primary').click();
    await until(() => hub.chat, 'a chat');
    await hasNoViolations(visitor);
    hub.accept();
    hub.say('See https://tallyworks.example/');
    hub.sendFile('a.pdf', 'application/pdf', Buffer.alloc(3_000));
    hub.type();
    await l('.typing.on').waitFor();
    hub.refuseNext.push({ t: 'say', code: 'storage' });
    await visitor.frame.locator('.composer-text').fill('refused');
    await visitor.frame.locator('.composer-text').press('Enter');
    await l('.failed').waitFor();
    await visitor.frame.locator('input[type=file]').setInputFiles({ name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await hasNoViolations(visitor);
    await l('.tool[aria-expanded]').click();
    await hasNoViolations(visitor);
    await visitor.page.keyboard.press('Escape');
    await l('.head-button').first().click();
    await hasNoViolations(visitor);
    await visitor.page.keyboard.press('Escape');
    await l('.links button').last().click();
    await hasNoViolations(visitor);
    await l('.question .secondary').click();
    await hub.stop();
    await l('.banner.line').waitFor();
    await hasNoViolations(visitor);
    hub.end();
    await hub.restart();
    await l('.ended .primary').waitFor();
    await hasNoViolations(visitor);
    hub.setOnline(false);
    await l('.ended .primary').click();
    await l('[name=subject]').waitFor();
    await l('form .primary').click();
    await hasNoViolations(visitor);
    await l('[name=name]').fill('Wei');
    await l('[name=email]').fill('wei@example.org');
    await l('[name=text]').fill('Hello');
    await l('form .primary').click();
    await l('.sent').waitFor();
    await hasNoViolations(visitor);
    await visitor.page.keyboard.press('Escape');
    await visitor.launcher.waitFor();
    await hasNoViolations(visitor);
  });

test('rtl_arabicPage_wordsAndSidesMirror', async t => {
  const { hub, visitor } = await stage(t, browser, { path: '/?open&lang=ar', context: { locale: 'ar' } });
  await visitor.frame.getByRole('button', { name: 'بدء المحادثة' }).waitFor();
  const frame = await visitor.page.locator('parley-widget iframe').boundingBox();
  assert.ok(frame.x < 100, 'the panel stands at the left');
  await visitor.frame.locator('[name=name]').fill('أمل');
  await visitor.frame.locator('[name=email]').fill('amal@example.org');
  await visitor.frame.locator('[name=department]').selectOption('Billing');
  await visitor.frame.locator('[name=consent]').check();
  await visitor.frame.getByLabel('كيف يمكننا مساعدتك؟').fill('مرحبا');
  await visitor.frame.getByRole('button', { name: 'بدء المحادثة' }).click();
  await until(() => hub.chat, 'a chat');
  hub.accept();
  hub.say('English inside');
  await visitor.frame.getByText('English inside').waitFor();
  const mine = await visitor.mine.first().boundingBox();
  const theirs = await visitor.theirs.first().boundingBox();
  assert.ok(mine.x < theirs.x, 'mine at the left, theirs at the right');
  assert.equal(await visitor.theirs.first().locator('.bubble').evaluate(node => getComputedStyle(node).direction), 'ltr');
  assert.equal(hub.chat.fields.department, 'Billing', 'the value sent is the hub\'s own');
});

test('rtl_emptyField_startsAtTheRight', async t => {
  const { visitor } = await stage(t, browser, { path: '/?open&lang=ar' });
  const company = visitor.frame.locator('input[name=company]');
  await company.waitFor();
  const side = () => company.evaluate(input => [getComputedStyle(input).direction, getComputedStyle(input).textAlign]);
  assert.equal((await side())[1], 'right');
  await company.fill('Northgate (UK)');
  assert.deepEqual(await side(), ['ltr', 'start']);
});

test('longName_ofTheAgent_takesOneLineWhereItIsTyping', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start('Hello');
  await until(() => hub.chat, 'a chat');
  hub.accept('Maximiliana-'.repeat(20));
  hub.type();
  const typing = visitor.frame.locator('.typing.on > :last-child');
  await typing.waitFor();
  assert.ok((await typing.boundingBox()).height <= 20);
});

test('direction_ofThePageWithoutATable_mirrorsEnglish', async t => {
  const { hub, open } = await stage(t, browser);
  hub.routes.set('/he', '<!doctype html><html lang="he" dir="rtl"><title>x</title><body><h1>x</h1><script src="/widget.js" data-open></script></body></html>');
  const visitor = await open('/he');
  await visitor.button('Start chat').waitFor();
  assert.equal(await visitor.frame.locator('html').getAttribute('dir'), 'rtl');
  assert.match(await visitor.frame.locator('html').getAttribute('lang'), /^en/);
});

test('theme_systemAndOverride_bothHold', async t => {
  const { visitor, open } = await stage(t, browser, { context: { colorScheme: 'dark' } });
  await visitor.button('Start chat').waitFor();
  const paint = who => who.frame.locator('body').evaluate(body => getComputedStyle(body).backgroundColor);
  assert.equal(await paint(visitor), 'rgb(28, 31, 34)');
  const light = await open('/?open&theme=light');
  await light.button('Start chat').waitFor();
  assert.equal(await paint(light), 'rgb(255, 255, 255)');
});

test('smallScreen_nothingSticksOutAndTextMayDouble', async t => {
  const { hub, visitor } = await stage(t, browser, { context: { viewport: { width: 320, height: 568 } } });
  await visitor.button('Start chat').waitFor();
  const box = await visitor.page.locator('parley-widget iframe').boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 320, 568]);
  const fits = () => visitor.frame.locator('html').evaluate(root => root.scrollWidth <= innerWidth && [...document.querySelectorAll('button, input, h1, .bubble')]
    .filter(node => node.offsetParent).every(node => { const r = node.getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth + 1; }));
  assert.ok(await fits());
  await visitor.start('First');
  await until(() => hub.chat, 'a chat');
  hub.accept();
  hub.say('Donaudampfschifffahrtsgesellschaftskapitaenswitwenrente');
  await visitor.frame.getByText('Donau').waitFor();
  assert.ok(await fits());
  await visitor.frame.locator('html').evaluate(root => { root.style.fontSize = '200%'; });
  assert.ok(await fits(), 'at 200 % too');
});
