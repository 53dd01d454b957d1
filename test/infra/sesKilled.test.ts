import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sesMailer } from '../../functions/mail/mailer.ses.ts';
import { mimeOf } from '../../functions/mail/mime.ts';
import { aMail } from '../mail/aMail.ts';
import { openSes, sesClientAt } from '../support/localSes.ts';

/** SES in a process of its own, over a directory. */
const spawnSes = async (directory: string): Promise<{ child: ChildProcess; url: string }> => {
  const file = new URL('../../infra/local/ses/ses.ts', import.meta.url).href;
  const program = `
    import { startSes } from ${JSON.stringify(file)};
    const ses = await startSes({
      directory: ${JSON.stringify(directory)}, publish: async () => {}, now: () => new Date().toISOString(),
      quota: { perSecond: 100000, perDay: 100000 },
    });
    console.log(ses.url);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  return { child, url };
};

it('every mail that was acknowledged is there after a kill, and the journal is whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-ses-'));
  const acknowledged: string[] = [];
  for (const round of [1, 2, 3]) {
    const { child, url } = await spawnSes(directory);
    const mailer = sesMailer(sesClientAt(url), 'courant');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const results = await Promise.all(
      Array.from({ length: 8 }, async (_, lane) => {
        for (let i = 0; child.exitCode === null && child.signalCode === null; i++) {
          const to = `reader-${round}-${lane}-${i}@example.org`;
          const result = await mailer.send({
            from: 'news@confluence.example',
            to,
            raw: mimeOf(aMail({ to })),
            tags: {},
          });
          if (result.is !== 'sent') return result.is;
          acknowledged.push(result.messageId);
          // In the middle of the others' calls, however fast the machine is.
          if (acknowledged.length === round * 15) child.kill('SIGKILL');
        }
        return 'not-reached';
      }),
    );
    await gone;
    for (const is of results) expect(['unknown', 'not-reached']).toContain(is);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(45);
  const { ses, stopForGood } = await openSes({ directory });
  const kept = new Set((await ses.list({ limit: 100_000 })).map((mail) => mail.id));
  await stopForGood();
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
});
