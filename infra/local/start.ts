import { NewsroomConfigError } from '../../functions/shared/config.ts';
import { startCourant } from './run.ts';
import { readSettings, StartTrouble } from './settings.ts';

/** `npm start`: the whole system on this machine, started and stopped as one. */
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What a person can mend is told in one sentence; anything else is a fault of ours and shows where it is. */
const giveUp = (error: unknown): never => {
  const own = error instanceof StartTrouble || error instanceof NewsroomConfigError;
  process.stderr.write(
    `${own ? error.message : `Courant could not start.\n${error instanceof Error ? error.stack : error}`}\n`,
  );
  process.exit(1);
};

try {
  const run = await startCourant(readSettings(process.env), say);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    say('\nFinishing what is in hand … (once more to stop at once)');
    await run.stop();
    say('Stopped. Everything is kept.');
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  giveUp(error);
}
