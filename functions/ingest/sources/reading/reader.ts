import type { Submission } from '../../../wire/ports.ts';
import type { ForeignDocument, FoundDocument, RefusedDocument } from './found.ts';
import type { Brought } from './submission.ts';
import type { Tasks, ThreadData } from './tasks.ts';
import { openThread, type ThreadLimits } from './thread.ts';

/** Reads what strangers sent. Nothing throws for what is in it; `because` ends a sentence. */
export interface Reader {
  feed(document: ForeignDocument): Promise<FoundDocument | RefusedDocument>;
  submission(
    brought: Brought,
  ): Promise<{ readonly is: 'submission'; readonly submission: Submission } | RefusedDocument>;
  close(): Promise<void>;
}

/** In a thread of its own, so that no document can take the time or the memory of the others. */
export const threadReader = (data: ThreadData, limits?: ThreadLimits): Reader => {
  const thread = openThread(data, limits);
  const call = async <Name extends keyof Tasks>(
    task: Name,
    input: Parameters<Tasks[Name]>[0],
  ): Promise<{ is: 'done'; value: ReturnType<Tasks[Name]> } | RefusedDocument> => {
    const done = await thread.call(task, input);
    // Both ends of the thread are ours and of one build, so what it gives back is what the task returns.
    return done.is === 'done' ? { is: 'done', value: done.value as ReturnType<Tasks[Name]> } : done;
  };
  return {
    async feed(document) {
      const done = await call('feed', document);
      return done.is === 'done' ? done.value : done;
    },
    async submission(brought) {
      const done = await call('submission', brought);
      return done.is === 'done' ? { is: 'submission', submission: done.value } : done;
    },
    close: () => thread.close(),
  };
};
