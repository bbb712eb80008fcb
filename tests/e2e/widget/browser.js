// One Chromium per test file, one context per test; what every test says to a page is written here once.
import { runAxe } from './axe.js';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { FakeHub } from './FakeHub.js';

const kChromium = process.env.PARLEY_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export async function launch() {
  if (!kChromium || !existsSync(kChromium))
    throw new Error('Chromium is missing: apt-get install chromium, or name one in PARLEY_CHROMIUM');
  return chromium.launch({ executablePath: kChromium, headless: true, args: kFlags });
}

/** A hub, a context of its own and what they leave behind: errors of a page fail the test that made them. */
export async function stage(t, browser, { hub: hubOptions, path = '/?open', context: contextOptions } = {}) {
  const hub = await new FakeHub(hubOptions).start();
  const context = await browser.newContext({ locale: 'en-GB', colorScheme: 'light', viewport: { width: 1000, height: 720 }, ...contextOptions });
  context.setDefaultTimeout(20_000);
  const problems = [];
  const foreign = [];
  context.on('request', request => {
    if (!request.url().replace('//localhost:', '//127.0.0.1:').startsWith(hub.url) && !/^(data|blob):/.test(request.url()))
      foreign.push(request.url());
  });
  context.on('weberror', error => problems.push(String(error.error())));
  context.on('console', message => {
    // A hub that is gone on purpose is said by the browser itself; all else is ours.
    if (message.type() === 'error' && !/WebSocket connection|net::ERR_/.test(message.text()))
      problems.push(message.text());
  });
  t.after(async () => {
    await context.close();
    await hub.stop();
    if (problems.length || foreign.length)
      throw new Error(`the page complained: ${problems.join('; ')} foreign requests: ${foreign.join(' ')}`);
  });
  const open = async (where = path) => {
    const page = await context.newPage();
    await page.goto(hub.url + where);
    return new Visitor(page);
  };
  return { hub, context, visitor: await open(), open };
}

/** A visitor before a page with the widget, seen from inside the panel. */
export class Visitor {
  constructor(page) {
    this.page = page;
    this.frame = page.frameLocator('parley-widget iframe');
    this.launcher = page.locator('parley-widget button.launcher');
    this.composer = this.frame.getByRole('textbox', { name: 'Write a message' });
    this.bubbles = this.frame.locator('.bubble');
    this.mine = this.frame.locator('.mine');
    this.theirs = this.frame.locator('.theirs');
  }

  button(name) {
    return this.frame.getByRole('button', { name, exact: true });
  }

  field(name) {
    return this.frame.getByLabel(name);
  }

  async fillForm(text = 'Our invoice charges 14 seats, we have 12.') {
    await this.field('Your name').fill('Amelia Hart');
    await this.field('Email').fill('amelia.hart@northgate.example');
    await this.field('Company').fill('Northgate Logistics');
    await this.field('Department').selectOption('Billing');
    await this.field('How can we help?').fill(text);
    await this.field(/I agree/).check();
  }

  async start(text) {
    await this.fillForm(text);
    await this.button('Start chat').click();
    await this.composer.waitFor();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** The texts of all bubbles, in order, as they stand on the page. */
  texts() {
    return this.frame.locator('.bubble .text').allTextContents();
  }

  state(text) {
    return this.mine.filter({ hasText: text }).locator('.state');
  }
}

/** Waits until check() is true; the message says what was waited for. */
export async function until(check, what, within = 20_000) {
  const end = Date.now() + within;
  for (;;) {
    const value = await check();
    if (value)
      return value;
    if (Date.now() > end)
      throw new Error(`waited in vain: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Fails with the rules and places when axe finds anything, in the page or in the panel. */
export async function hasNoViolations(visitor) {
  const found = await runAxe(visitor.page);
  if (found.length)
    throw new Error(found.map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join(' | ')}`).join('\n'));
}
