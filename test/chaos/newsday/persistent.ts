import { setTimeout as pause } from 'node:timers/promises';
import type { Scene } from '../scene.ts';
import { NEWSROOM_KEY } from '../town.ts';

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Answers that will do, besides those of 2xx. */
  readonly enough?: readonly number[];
}

const BETWEEN_TRIES_MS = 150;
const MOST_WAIT_MS = 8000;
/** A program that is told so often that it is wrong is wrong. */
const MOST_REFUSALS = 20;

/** An answer of 200 that nothing was taken is no acceptance. */
const isTaken = (text: string): boolean => !text.includes('"taken":false');

/** Asks as a CMS does: what is not answered, or answered with trouble, is asked again. Gives back the answer's body. */
export const persistent = async (scene: Scene, over: AbortSignal, asked: () => Asked): Promise<string> => {
  let refusals = 0;
  for (;;) {
    over.throwIfAborted();
    const answer = await ask(scene, asked());
    if (answer?.isEnough && isTaken(answer.text)) return answer.text;
    if (answer && answer.status < 500 && ++refusals > MOST_REFUSALS)
      throw new Error(`${asked().path} answers ${answer.status}: ${answer.text}`);
    await pause(BETWEEN_TRIES_MS);
  }
};

const ask = async ({ crew }: Scene, { method = 'POST', path, headers, body, enough = [] }: Asked) => {
  try {
    const answer = await fetch(crew.url() + path, {
      method,
      headers: { authorization: `Bearer ${NEWSROOM_KEY}`, ...headers },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(MOST_WAIT_MS),
    });
    const { status } = answer;
    return { status, text: await answer.text(), isEnough: answer.ok || enough.includes(status) };
  } catch {
    // Whoever was to answer has died: that is what this is about.
    return undefined;
  }
};
