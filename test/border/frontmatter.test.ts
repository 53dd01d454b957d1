import { describe, expect, test } from 'vitest';
import { splitFrontMatter } from '../../functions/border/frontmatter.ts';
import { cpuMsOf } from '../support/cpuMs.ts';

const fenced = (yaml: string): string => `---\n${yaml}\n---\nText.\n`;

describe('front matter', () => {
  test('is plain data; dates stay text', () => {
    expect(splitFrontMatter(fenced('title: "A: b"\ndate: 2025-02-11\ntags: [a, b]\nyes: no\nn: 0x10'))).toEqual({
      data: { title: 'A: b', date: '2025-02-11', tags: ['a', 'b'], yes: 'no', n: 16 },
      body: 'Text.\n',
    });
  });

  test.each([
    ['Windows line ends', '---\r\ntitle: x\r\n---\r\nText.\r\n', 'Text.\r\n'],
    ['three dots', '---\ntitle: x\n...\nText.\n', 'Text.\n'],
    ['a rule in the text', '---\ntitle: x\n---\nText.\n\n---\n\nMore.', 'Text.\n\n---\n\nMore.'],
    ['nothing behind it', '---\ntitle: x\n---', ''],
  ])('%s', (_, text, body) => {
    expect(splitFrontMatter(text)).toEqual({ data: { title: 'x' }, body });
  });

  test.each([
    ['a text that begins with a rule', '---\n\nText.\n\n---\n\nMore.\n'],
    ['no second fence', '---\ntitle: x\n'],
    ['a second language after the fence, which could run', '---js\n{ title: process.exit(1) }\n---\nText.\n'],
    ['JSON after the fence', '---json\n{"title": "x"}\n---\nText.\n'],
    ['an empty line first', '\n---\ntitle: x\n---\n'],
    ['a list', '---\n- a\n- b\n---\nText.\n'],
    ['front matter of a megabyte', `---\ntitle: ${'x'.repeat(1_000_000)}\n---\nText.\n`],
  ])('is not %s: all of it is text', (_, text) => {
    expect(splitFrontMatter(text)).toEqual({ data: null, body: text });
  });

  test.each([
    ['no YAML', 'title: "x'],
    ['the same field twice', 'title: x\ntitle: y'],
    ['a tag', 'title: !!js/function "function () {}"'],
    ['a tag of its own', 'title: !run x'],
    ['an alias', 'a: &a [x]\nb: *a'],
    ['aliases that multiply', 'a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]'],
    ['a merge', 'a: &a { x: 1 }\nb:\n  <<: *a'],
  ])('is refused with %s', (_, yaml) => {
    expect(() => splitFrontMatter(fenced(yaml))).toThrow(
      expect.objectContaining({ status: 400, field: 'front matter' }),
    );
  });

  test('does not reach a prototype', () => {
    const { data } = splitFrontMatter(fenced('__proto__:\n  polluted: yes\nconstructor: x'));
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test.each([
    ['brackets', '['.repeat(7000)],
    ['braces', '{a: '.repeat(1700)],
    ['dashes', `- ${'- '.repeat(3500)}`],
    ['questions', '? '.repeat(3500)],
  ])('nested without end (%s) is refused soon', (_, yaml) => {
    let thrown: unknown;
    const ms = cpuMsOf(() => {
      try {
        expect(splitFrontMatter(fenced(yaml)).data).toBeNull();
      } catch (error) {
        thrown = error;
      }
    });
    if (thrown !== undefined) expect(thrown).toMatchObject({ status: 400 });
    expect(ms).toBeLessThan(2000);
  });
});
