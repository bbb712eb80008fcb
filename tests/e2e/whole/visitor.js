// A visitor in a real Chromium, told by the test what to do: one JSON command a line on standard input, one answer a line.
// {"do":"open","url":…} {"do":"start","text":…,"fields":{label: value}} {"do":"say","text":…} {"do":"sees","text":…}
// {"do":"sawNothing","text":…} {"do":"closed"} {"do":"texts"}
import { createInterface } from 'node:readline';
import { launch, until, Visitor } from '../widget/browser.js';

const browser = await launch();
const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1000, height: 720 } });
context.setDefaultTimeout(15_000);
let visitor;

const acts = {
  async open({ url }) {
    const page = await context.newPage();
    await page.goto(url);
    visitor = new Visitor(page);
  },
  async start({ fields, text }) {
    for (const [label, value] of Object.entries(fields))
      await visitor.field(label).fill(value);
    await visitor.field('How can we help?').fill(text);
    const agree = visitor.field(/I agree/);
    if (await agree.count())
      await agree.check();
    await visitor.button('Start chat').click();
    await visitor.composer.waitFor();
  },
  say: ({ text }) => visitor.say(text),
  sees: ({ text }) => until(async () => (await visitor.texts()).includes(text), `the visitor sees "${text}"`),
  texts: () => visitor.texts(),
  /** That the text is on the page nowhere: a note that only agents may see. */
  async sawNothing({ text }) {
    if ((await visitor.frame.locator('body').innerText()).includes(text))
      throw new Error(`the visitor sees "${text}"`);
  },
  /** That the chat has ended for the visitor: there is nothing to write into any more. */
  closed: () => visitor.composer.waitFor({ state: 'hidden' }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    const value = await acts[command.do](command);
    console.log(JSON.stringify({ ok: true, value: value === true ? undefined : value }));
  } catch (error) {
    console.log(JSON.stringify({ ok: false, error: String(error) }));
  }
}
await browser.close();
