import type { Submission } from '../../../wire/ports.ts';
import type { ForeignDocument, FoundDocument, RefusedDocument } from './found.ts';
import type { PageReading } from './pages/articlePage.ts';
import type { FoundListing, Listing } from './pages/listing.ts';
import type { PictureFacts } from './pictureFacts.ts';
import type { Brought } from './submission.ts';
import type { Tasks, ThreadData } from './tasks.ts';
import { openThread, type ThreadLimits } from './thread.ts';
import type { FoundPosts } from './wordpress.ts';

/** Reads what strangers sent. Nothing throws for what is in it; `because` ends a sentence. */
export interface Reader {
  feed(document: ForeignDocument): Promise<FoundDocument | RefusedDocument>;
  posts(document: ForeignDocument): Promise<FoundPosts | RefusedDocument>;
  listing(listing: Listing): Promise<FoundListing | RefusedDocument>;
  page(document: ForeignDocument): Promise<PageReading | RefusedDocument>;
  /** `undefined`: it is no picture. */
  pictureFacts(bytes: Uint8Array): Promise<PictureFacts | undefined>;
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
  ): Promise<Read<ReturnType<Tasks[Name]>>> => {
    const done = await thread.call(task, input);
    // Both ends of the thread are ours and of one build, so what it gives back is what the task returns.
    return done.is === 'done' ? { is: 'done', value: done.value as ReturnType<Tasks[Name]> } : done;
  };
  return {
    feed: async (document) => outcomeOf(await call('feed', document)),
    posts: async (document) => outcomeOf(await call('posts', document)),
    listing: async (listing) => outcomeOf(await call('listing', listing)),
    page: async (document) => outcomeOf(await call('page', document)),
    async pictureFacts(bytes) {
      const done = await call('pictureFacts', bytes);
      return done.is === 'done' ? done.value : undefined;
    },
    async submission(brought) {
      const done = await call('submission', brought);
      return done.is === 'done' ? { is: 'submission', submission: done.value } : done;
    },
    close: () => thread.close(),
  };
};

type Read<Value> = { readonly is: 'done'; readonly value: Value } | RefusedDocument;

const outcomeOf = <Value>(read: Read<Value>): Value | RefusedDocument => (read.is === 'done' ? read.value : read);
