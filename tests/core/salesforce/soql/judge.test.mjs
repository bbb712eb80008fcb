// Every statement that Parley makes of a hostile value, read by a parser that is not ours: it must ask what was meant,
// with the value as one literal, and nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { parseQuery } from '@jetstreamapp/soql-parser-js';

const lines = execFileSync(process.env.SOQL_CORPUS, { maxBuffer: 1 << 28, encoding: 'utf8' })
  .trim().split('\n').map(line => JSON.parse(line));

/** The conditions of a WHERE of ANDs, in order; anything else between them is a failure. */
function conditionsOf(where) {
  const list = [];
  for (let at = where; at; at = at.right) {
    assert.ok(!at.left.openParen && !at.left.logicalPrefix, 'a condition of another shape');
    if (at.operator)
      assert.equal(at.operator, 'AND');
    list.push(at.left);
  }
  return list;
}

/** What Salesforce reads between the quotes. The parser lets illegal escapes pass, Salesforce does not: nor does this. */
function decoded(quoted, isPattern) {
  assert.match(quoted, /^'[^]*'$/);
  const legal = isPattern ? /\\(u[0-9a-fA-F]{4}|[nrtbf"'\\%_])|[^\\']/y : /\\(u[0-9a-fA-F]{4}|[nrtbf"'\\])|[^\\']/y;
  const inside = quoted.slice(1, -1);
  const names = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  let text = '';
  for (legal.lastIndex = 0; legal.lastIndex < inside.length;) {
    const from = legal.lastIndex;
    const match = legal.exec(inside);
    assert.ok(match, `an illegal escape or a bare quote at ${from} of ${quoted}`);
    const escape = match[1];
    if (escape === undefined) {
      // A bare % or _ of a pattern is a wildcard: only the two that we put at the ends may be there.
      const isEnd = from === 0 || from === inside.length - 1;
      assert.ok(!isPattern || !'%_'.includes(match[0]) || (isEnd && match[0] === '%'), 'a wildcard of the visitor');
      text += match[0];
    } else {
      text += escape[0] === 'u' ? String.fromCharCode(parseInt(escape.slice(1), 16)) : names[escape] ?? escape;
    }
  }
  return isPattern ? text.replace(/^%|%$/g, '') : text;
}

function judge({ statement, conditions }) {
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(statement, /[\u0000-\u001f\u007f]/, 'a control character travels bare');
  const tree = parseQuery(statement);
  assert.equal(tree.having, undefined);
  for (const { type, field, rawValue } of tree.fields) {
    assert.match(type, /^Field(Relationship)?$/, statement);
    assert.match(rawValue ?? field, /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/, statement);
  }
  const found = conditionsOf(tree.where);
  assert.equal(found.length, conditions.length, statement);
  conditions.forEach((meant, i) => {
    const { field, operator, value, literalType } = found[i];
    assert.equal(field, meant.field);
    assert.equal(operator, meant.operator);
    if (typeof meant.value === 'boolean') {
      assert.equal(literalType, 'BOOLEAN');
      assert.equal(value.toLowerCase(), String(meant.value));
      return;
    }
    assert.equal(literalType, 'STRING');
    assert.equal(decoded(value, operator === 'LIKE'), meant.value);
  });
}

const ways = [...new Set(lines.map(line => line.way))];
for (const way of ways) {
  test(`${way}: every statement asks what was meant`, () => {
    for (const line of lines.filter(one => one.way === way))
      judge(line);
  });
}

test('the corpus is what it should be', () => {
  assert.deepEqual([...ways].sort(), ['account', 'classic note', 'contact', 'contains', 'file', 'lead', 'marker',
    "note's links", 'owner', 'recent', 'record', 'related field', 'three conditions']);
  for (const way of ['contains', 'marker'])
    assert.ok(lines.filter(line => line.way === way).length >= 500, way);
  assert.ok(lines.filter(line => line.way === 'contact').length >= 200);
});

test('the judge knows a broken statement', () => {
  const meant = { conditions: [{ field: 'Email', operator: '=', value: "x' OR Name LIKE '%" }] };
  assert.throws(() => judge({ ...meant, statement: "SELECT Id FROM Contact WHERE Email = 'x' OR Name LIKE '%'" }));
  assert.throws(() => judge({ conditions: [{ field: 'Email', operator: '=', value: 'a\\q' }],
    statement: "SELECT Id FROM Contact WHERE Email = 'a\\q'" }));
  assert.throws(() => judge({ conditions: [{ field: 'Name', operator: 'LIKE', value: 'a%b' }],
    statement: "SELECT Id FROM Contact WHERE Name LIKE '%a%b%'" }));
});
