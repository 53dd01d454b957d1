import { readFile } from 'node:fs/promises';
import { lint, lintHeaders } from '../functions/feeds/lint/lint.ts';
import { type Finding, isError, RULES } from '../functions/feeds/lint/rules.ts';

/** `npm run lint:feeds -- URL|FILE …`: says what is wrong with each feed, where, and what to do. Ends with 1 on errors. */

const LONGEST_WAIT_MS = 20_000;

const findingsOf = async (source: string): Promise<Finding[]> => {
  if (!/^https?:/i.test(source)) return lint(await readFile(source));
  const answer = await fetch(source, {
    headers: { 'User-Agent': 'Courant-lint-feeds' },
    signal: AbortSignal.timeout(LONGEST_WAIT_MS),
  });
  if (!answer.ok) throw new Error(`It answers ${answer.status}.`);
  return [...lintHeaders(answer.headers), ...lint(await answer.bytes())];
};

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Whether it may stay as it is. */
const report = async (source: string): Promise<boolean> => {
  try {
    const findings = await findingsOf(source);
    say(`${source}: ${findings.length === 0 ? 'nothing to mend' : `${findings.length} to mend`}`);
    for (const { code, place } of findings) say(`  ${RULES[code].level} ${code} (${place})\n    ${RULES[code].cure}`);
    return !findings.some(isError);
  } catch (error) {
    // A file or address that cannot be read is told like an error in it; the others are looked at nevertheless.
    say(`${source}: cannot be read. ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
};

const sources = process.argv.slice(2);
if (sources.length === 0) say('Say which: npm run lint:feeds -- URL|FILE …');
let allGood = sources.length > 0;
for (const source of sources) allGood = (await report(source)) && allGood;
process.exitCode = allGood ? 0 : 1;
