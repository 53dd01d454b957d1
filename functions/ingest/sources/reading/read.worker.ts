import { parentPort, workerData } from 'node:worker_threads';
import { InvalidInput } from '../../../shared/errors.ts';
import { errorFields } from '../../../shared/log.ts';
import { type Tasks, type ThreadData, tasksFor } from './tasks.ts';
import type { ThreadAnswer, ThreadAsk } from './thread.ts';

/** The thread that reads: one task at a time, asked and answered by message. Only `thread.ts` starts it. */
const tasks = tasksFor(workerData as ThreadData);

const answerTo = ({ task, input }: ThreadAsk): ThreadAnswer => {
  try {
    const work = tasks[task as keyof Tasks] as (input: unknown) => unknown;
    return { is: 'done', value: work(input) };
  } catch (error) {
    // What a person can be told goes back as a reason; anything else is a fault of ours, and is logged over there.
    if (error instanceof InvalidInput) return { is: 'refused', because: error.message };
    return { is: 'broken', fields: errorFields(error) };
  }
};

parentPort?.on('message', (ask: ThreadAsk) => parentPort?.postMessage(answerTo(ask)));
parentPort?.postMessage({ is: 'ready' } satisfies ThreadAnswer);
