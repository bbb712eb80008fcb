// The line breaks in every way: nothing is lost, nothing is said twice, and the visitor is told the truth meanwhile.
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

test('reconnect_hubGoneFiveSeconds_nothingLostNothingDouble', async t => {
  const { hub, visitor } = await inChat(t);
  await visitor.say('Before');
  await until(() => hub.texts().includes('Before'), 'the first message');
  await hub.stop();
  await visitor.say('While away 1');
  await visitor.say('While away 2');
  await visitor.frame.locator('.state').getByText('Waiting for connection').first().waitFor();
  await visitor.frame.locator('.banner.line').filter({ hasText: /^Offline for 0:0\d\. Messages are sent when you are back\.$/ }).waitFor();
  await new Promise(resolve => setTimeout(resolve, 5_000));
  hub.say('Said while you were away');
  await hub.restart();
  await visitor.frame.getByText('Said while you were away').waitFor();
  await until(() => hub.texts().includes('While away 2'), 'what was written offline');
  assert.deepEqual(hub.texts(), ['First', 'Before', 'Said while you were away', 'While away 1', 'While away 2']);
  await until(async () => (await visitor.texts()).join() === hub.texts().join(), 'the same log on the page');
  await visitor.frame.locator('.banner.line').waitFor({ state: 'hidden' });
});

test('reconnect_ackLost_sentAgainWithTheSameIdAndShownOnce', async t => {
  const { hub, visitor } = await inChat(t);
  hub.stallAcks = true;
  await visitor.say('Acked late');
  await until(() => hub.texts().includes('Acked late'), 'stored at the hub');
  await visitor.state('Acked late').getByText('Sending').waitFor();
  hub.stallAcks = false;
  hub.dropLines();
  await visitor.state('Acked late').getByText('Sent').waitFor();
  const said = hub.heard.filter(frame => frame.t === 'say');
  assert.equal(new Set(said.map(frame => frame.cid)).size, 1);
  assert.deepEqual(hub.texts(), ['First', 'Acked late']);
  assert.deepEqual(await visitor.texts(), ['First', 'Acked late']);
});

test('reconnect_lineDropsOnEverySecondFrame_orderHolds', async t => {
  const { hub, visitor } = await inChat(t);
  let count = 0;
  hub.dropOn = frame => frame.t === 'say' && (count += 1) % 2 === 1 && count < 8;
  for (const text of ['a', 'b', 'c', 'd', 'e', 'f'])
    await visitor.say(text);
  await until(() => hub.texts().includes('f'), 'the last one', 40_000);
  assert.deepEqual(hub.texts(), ['First', 'a', 'b', 'c', 'd', 'e', 'f']);
  await until(async () => (await visitor.texts()).join('') === 'Firstabcdef', 'the same on the page');
});

test('halfOpen_tenSecondsOfSilence_newLine', async t => {
  const { hub, visitor } = await inChat(t);
  hub.mute = true;
  const hellos = hub.hellos.length;
  const began = Date.now();
  await visitor.say('Into the void');
  await until(() => hub.hellos.length > hellos || hub.lines.size > 1, 'a new line', 20_000);
  const waited = Date.now() - began;
  assert.ok(waited > 5_000 && waited < 14_000, `after ${waited} ms`);
  hub.mute = false;
  hub.dropLines();
  await visitor.state('Into the void').getByText('Sent').waitFor({ timeout: 20_000 });
  assert.deepEqual(hub.texts(), ['First', 'Into the void']);
});

test('refused_storageAndTooMany_saidAndTriedAgain', async t => {
  const { hub, visitor } = await inChat(t);
  hub.refuseNext.push({ t: 'say', code: 'storage' });
  await visitor.say('Disk full');
  await visitor.state('Disk full').getByText('Not sent').waitFor();
  await visitor.state('Disk full').getByText('It could not be stored.').waitFor();
  assert.deepEqual(hub.texts(), ['First']);
  await visitor.button('Try again').click();
  await visitor.state('Disk full').getByText('Sent').waitFor();
  hub.refuseNext.push({ t: 'say', code: 'too_many' });
  await visitor.say('Too fast');
  await visitor.state('Too fast').getByText('Sent').waitFor();
  hub.refuseNext.push({ t: 'say', code: 'too_long' });
  await visitor.say('Refused for good');
  await visitor.button('Delete').click();
  assert.deepEqual(await visitor.texts(), ['First', 'Disk full', 'Too fast']);
  assert.deepEqual(hub.texts(), ['First', 'Disk full', 'Too fast']);
});

test('reload_withUnsentTextAndDraft_bothSurvive', async t => {
  const { hub, visitor } = await inChat(t);
  hub.stallAcks = true;
  hub.dropOn = frame => frame.t === 'say';
  await visitor.say('Not yet there');
  await visitor.state('Not yet there').waitFor();
  await visitor.composer.fill('half a sent');
  hub.dropOn = null;
  hub.stallAcks = false;
  await visitor.page.reload();
  await visitor.state('Not yet there').getByText('Sent').waitFor();
  assert.equal(await visitor.composer.inputValue(), 'half a sent');
  assert.deepEqual(hub.texts(), ['First', 'Not yet there']);
  assert.deepEqual(await visitor.texts(), ['First', 'Not yet there']);
  assert.equal(new Set(hub.hellos.slice(1).map(hello => hello.token)).size, 1);
  assert.equal(hub.visitors.size, 1);
});

test('reload_chatEndedMeanwhile_theEndIsShown', async t => {
  const { hub, visitor, context } = await inChat(t);
  await visitor.page.goto('about:blank');
  hub.say('Good bye');
  hub.end();
  await visitor.page.goto(`${hub.url}/?open`);
  await visitor.frame.getByText('Good bye').waitFor();
  await visitor.frame.getByText(/^Nora ended the chat/).waitFor();
  assert.ok(context);
});

test('start_ackLostAndReloaded_oneChat', async t => {
  const { hub, visitor } = await stage(t, browser);
  hub.stallAcks = true;
  await visitor.start('Only once');
  await until(() => hub.chat, 'a chat at the hub');
  hub.stallAcks = false;
  await visitor.page.reload();
  await visitor.frame.getByText('Only once').waitFor();
  await visitor.state('Only once').getByText('Sent').waitFor();
  assert.equal(hub.chats.size, 1);
  assert.deepEqual(hub.texts(), ['Only once']);
});

test('start_refused_theFormComesBackFilled', async t => {
  const { hub, visitor } = await stage(t, browser);
  hub.refuseNext.push({ t: 'start', code: 'storage' });
  await visitor.fillForm('Keep this');
  await visitor.button('Start chat').click();
  await visitor.frame.getByText('The chat did not start. What you wrote is still here.').waitFor();
  assert.equal(await visitor.field('Your name').inputValue(), 'Amelia Hart');
  assert.equal(await visitor.field('How can we help?').inputValue(), 'Keep this');
  await visitor.button('Start chat').click();
  await until(() => hub.chat, 'a chat');
  assert.deepEqual(hub.texts(), ['Keep this']);
});

test('start_queueFull_isSaidAfterAFewTries', async t => {
  const { hub, visitor } = await stage(t, browser);
  for (let i = 0; i < 3; ++i)
    hub.refuseNext.push({ t: 'start', code: 'too_many' });
  await visitor.fillForm('Keep this');
  await visitor.button('Start chat').click();
  await visitor.frame.getByText('Many people are writing to us now.').waitFor();
  assert.equal(await visitor.field('How can we help?').inputValue(), 'Keep this');
  await visitor.button('Start chat').click();
  await until(() => hub.chat, 'a chat');
  assert.deepEqual(hub.texts(), ['Keep this']);
});

test('twoTabs_oneVisitor_sameChatBothWays', async t => {
  const { hub, visitor: first, open } = await inChat(t);
  const second = await open();
  await second.frame.getByText('First').waitFor();
  await first.say('From one');
  await second.frame.getByText('From one').waitFor();
  await second.say('From two');
  await first.frame.getByText('From two').waitFor();
  hub.say('To both');
  for (const visitor of [first, second])
    await until(async () => (await visitor.texts()).join() === 'First,From one,From two,To both', 'the same in both tabs');
  assert.equal(hub.visitors.size, 1);
  assert.deepEqual(hub.texts(), ['First', 'From one', 'From two', 'To both']);
});

test('twoTabs_formInBoth_theSecondJoinsTheFirstsChat', async t => {
  const { hub, visitor: first, open } = await stage(t, browser);
  await first.field('Your name').waitFor();
  const second = await open();
  await second.field('Your name').waitFor();
  await first.start('Who is there?');
  await second.frame.getByText('Who is there?').waitFor();
  await second.say('The other tab');
  await first.frame.getByText('The other tab').waitFor();
  assert.equal(hub.chats.size, 1);
});

test('token_noLongerGood_beginsAnew', async t => {
  const { hub, visitor } = await inChat(t);
  hub.visitors.clear();
  hub.chats.clear();
  hub.dropLines();
  await visitor.field('Your name').waitFor();
  await visitor.start('Again');
  await until(() => hub.chat, 'a chat');
  assert.deepEqual(hub.texts(), ['Again']);
});

test('token_takenForSomeoneNew_unsentTextGoesIntoTheForm', async t => {
  const { hub, visitor } = await inChat(t);
  await hub.stop();
  await visitor.say('Not to be lost');
  hub.visitors.clear();
  hub.chats.clear();
  hub.forgives = true;
  await hub.restart();
  await visitor.field('Your name').waitFor();
  assert.equal(await visitor.field('How can we help?').inputValue(), 'Not to be lost');
});

test('history_sixHundredMessages_lastOnesFirstEarlierOnDemand', async t => {
  const { hub, visitor } = await inChat(t);
  for (let i = 1; i <= 600; ++i)
    hub.chat.log.push({ seq: hub.chat.log.length + 1, cid: `h-${i}`, at: new Date().toISOString(), author: i % 2 ? 'visitor' : 'agent', name: 'Nora', kind: 'text', text: `line ${i}` });
  await visitor.page.reload();
  await visitor.frame.getByText('line 600', { exact: true }).waitFor();
  const shown = await visitor.bubbles.count();
  assert.ok(shown <= 200, `${shown} bubbles at first`);
  await visitor.button('Show earlier messages').click();
  await until(async () => await visitor.bubbles.count() >= 399, 'a page more');
  await visitor.button('Show earlier messages').click();
  await until(async () => await visitor.bubbles.count() === 601, 'all of them');
  assert.equal((await visitor.texts())[0], 'First');
  assert.equal(await visitor.button('Show earlier messages').isVisible(), false);
});
