// The ordinary way: form, chat, both sides' words, states, end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, stage, until } from './browser.js';

let browser;
before(async () => { browser = await launch(); });
after(() => browser?.close());

test('form_emptyOrWrong_saysWhatAtEachField', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.button('Start chat').click();
  assert.deepEqual(await visitor.frame.locator('.field .error:visible').allTextContents(),
    ['Fill in this field', 'Fill in this field', 'Choose one', 'Tick this box to go on']);
  assert.equal(await visitor.field('Your name').evaluate(input => input === document.activeElement), true);
  await visitor.field('Your name').fill('Wei Zhang');
  await visitor.field('Email').fill('wei.zhang@');
  await visitor.field('Phone').fill('call me');
  await visitor.field('Email').focus();
  await visitor.field('Email').blur();
  const email = visitor.field('Email');
  assert.equal(await email.getAttribute('aria-invalid'), 'true');
  const errorId = await email.getAttribute('aria-describedby');
  assert.equal(await visitor.frame.locator(`#${errorId}`).textContent(), 'Enter the whole email address');
  await email.fill('wei.zhang@example.org');
  assert.equal(await email.getAttribute('aria-invalid'), null);
  await visitor.button('Start chat').click();
  assert.equal(hub.chats.size, 0);
});

test('form_errorAppearsUnderTheClick_theClickStillCounts', async t => {
  const { visitor } = await stage(t, browser);
  await visitor.field('Email').fill('amelia@');
  const box = await visitor.field(/I agree/).boundingBox();
  // The mouse goes down, the field is left, its error would move everything below by its height.
  await visitor.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await visitor.frame.getByText('Enter the whole email address').waitFor();
  assert.equal(await visitor.field(/I agree/).isChecked(), true);
});

test('form_filled_startsWithFieldsVariablesAndText', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat at the hub');
  assert.deepEqual(hub.chat.fields, { name: 'Amelia Hart', email: 'amelia.hart@northgate.example', company: 'Northgate Logistics',
    phone: '', department: 'Billing', product: '', consent: 'true' });
  assert.deepEqual(hub.chat.variables, { Plan: 'Team trial', OrderId: '20391' });
  assert.deepEqual(hub.texts(), ['Our invoice charges 14 seats, we have 12.']);
  assert.equal(hub.hellos[0].page.title, 'Tallyworks: time in, invoices out');
  assert.equal(hub.hellos[0].env.language, 'en-GB');
});

test('chat_bothSidesSpeak_wordsStatesAndTypingShow', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start('Hi!');
  await until(() => hub.chat, 'a chat');
  hub.accept();
  await visitor.frame.getByText(/^Nora joined the chat, \d\d:\d\d$/).waitFor();
  assert.equal(await visitor.frame.locator('h1').textContent(), '\u2068Nora\u2069, \u2068Tallyworks\u2069');
  await visitor.say('Two seats too many');
  await visitor.state('Two seats').getByText('Sent').waitFor();
  hub.read();
  await visitor.state('Two seats').getByText('Seen').waitFor();
  hub.type();
  await visitor.frame.getByText('Nora is typing').waitFor();
  hub.say('Thanks, Amelia.');
  await visitor.frame.getByText('Thanks, Amelia.').waitFor();
  await visitor.frame.locator('.typing:not(.on)').waitFor({ state: 'attached' });
  assert.deepEqual(await visitor.texts(), ['Hi!', 'Two seats too many', 'Thanks, Amelia.']);
  await until(() => hub.chat.readSeq === hub.chat.log.length, 'the hub knows that all was read');
});

test('typing_visitorWrites_previewIsSentThrottledAndStops', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat');
  hub.heard.length = 0;
  await visitor.composer.pressSequentially('yes please, and could you also send it', { delay: 30 });
  const previews = () => hub.heard.filter(frame => frame.t === 'typing');
  await until(() => previews().at(-1)?.text === 'yes please, and could you also send it', 'the whole preview');
  assert.ok(previews().length <= 5, `${previews().length} frames for 1.2 s of typing`);
  await visitor.composer.fill('');
  await until(() => previews().at(-1)?.text === '', 'the empty preview');
});

test('composer_shiftEnterAndEmoji_makeOneMessage', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await visitor.composer.pressSequentially('one');
  await visitor.composer.press('Shift+Enter');
  await visitor.composer.pressSequentially('two ');
  await visitor.button('Emoji').click();
  await visitor.button('Thumbs up').click();
  await visitor.composer.press('Enter');
  await until(() => hub.texts().at(-1) === 'one\ntwo 👍', 'both lines and the emoji');
});

test('end_askedAndConfirmed_chatEndsAndANewOneCanStart', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat');
  hub.accept();
  await visitor.button('End chat').click();
  await visitor.button('Keep chatting').click();
  assert.equal(await visitor.composer.evaluate(input => input === document.activeElement), true);
  await visitor.button('End chat').click();
  await visitor.frame.getByRole('group', { name: 'End the chat?' }).getByRole('button', { name: 'End chat' }).click();
  await visitor.frame.getByText(/^You ended the chat/).waitFor();
  assert.equal(hub.chat.state, 'ended');
  assert.equal(await visitor.composer.isVisible(), false);
  await visitor.button('Start a new chat').click();
  assert.equal(await visitor.field('Your name').inputValue(), '');
  await visitor.start('Second');
  await until(() => hub.chats.size === 2, 'a second chat');
  assert.deepEqual(await visitor.texts(), ['Second']);
});

test('end_byTheAgent_isSaidAndTheDraftIsKeptUntilThen', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat');
  hub.accept();
  hub.end();
  await visitor.frame.getByText(/^Nora ended the chat/).waitFor();
  await visitor.frame.getByText('This chat has ended.').waitFor();
  await visitor.button('Start a new chat').waitFor();
});

test('launcher_minimised_countsUnreadAndReadsOnOpening', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat');
  hub.accept();
  await visitor.frame.getByText(/^Nora joined/).waitFor();
  await visitor.button('Minimise').click();
  hub.say('One');
  hub.say('Two');
  await until(async () => await visitor.launcher.getAttribute('aria-label') === 'Open chat, 2 unread messages', 'the badge');
  const before = hub.chat.readSeq;
  assert.ok(before < hub.chat.log.length);
  await visitor.launcher.click();
  await until(() => hub.chat.readSeq === hub.chat.log.length, 'read at last');
  await visitor.button('Minimise').click();
  await until(async () => await visitor.launcher.getAttribute('aria-label') === 'Open chat', 'no badge');
});

test('notes_amongAgents_neverShowAndNeverStall', async t => {
  const { hub, visitor } = await stage(t, browser);
  await visitor.start();
  await until(() => hub.chat, 'a chat');
  hub.accept();
  hub.note('difficult customer');
  hub.note('very difficult');
  hub.say('Hello');
  await visitor.frame.getByText('Hello').waitFor();
  hub.append(hub.chat, { author: 'agent', kind: 'note', text: 'leaked note', name: 'Nora' });
  hub.say('Again');
  await visitor.frame.getByText('Again').waitFor();
  assert.equal(await visitor.frame.getByText(/difficult|leaked/).count(), 0);
  const resumes = () => hub.heard.filter(frame => frame.t === 'resume').length;
  const before = resumes();
  hub.say('Third');
  await visitor.frame.getByText('Third').waitFor();
  assert.ok(resumes() - before <= 1, 'skipped numbers are asked for once, not for ever');
});

test('api_setVisitorVariablesContext_prefillAndReachTheHub', async t => {
  const { hub, visitor } = await stage(t, browser, { path: '/?name=Wei%20Zhang&email=wei@example.org' });
  await visitor.page.evaluate(() => {
    window.Parley.setVariables({ Seats: 14, Trial: true, Bad: { nested: 1 }, Plan: 'Works' });
    window.Parley.setContext({ Cart: 'empty' });
    window.Parley.open();
  });
  await visitor.field('Department').selectOption('Sales');
  assert.equal(await visitor.field('Your name').inputValue(), 'Wei Zhang');
  await visitor.field(/I agree/).check();
  await visitor.button('Start chat').click();
  await until(() => hub.chat, 'a chat');
  assert.deepEqual(hub.chat.variables, { Plan: 'Works', OrderId: '20391', Seats: '14', Trial: 'true' });
  assert.deepEqual(hub.chat.context, { Cart: 'empty' });
  await visitor.page.evaluate(() => history.pushState({}, '', '/?pricing'));
  await until(() => hub.heard.some(frame => frame.t === 'page' && frame.url.endsWith('/?pricing')), 'the page the visitor went to');
});
