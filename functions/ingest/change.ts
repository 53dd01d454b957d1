import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json } from '../shared/http/answer.ts';
import type { Outcome } from '../wire/ports.ts';
import type { ArticleInput } from './articleInput.ts';
import type { Ingest } from './ports.ts';
import { etagOf, shownDraftReceipt, shownReceipt } from './shown.ts';
import { submissionOf } from './submission.ts';

/** What became of an article that was sent, as an answer. */
export const changed = (outcome: Outcome, siteUrl: string): Answer => {
  switch (outcome.is) {
    case 'new':
      return json(201, shownReceipt(outcome.current, siteUrl), { etag: etagOf(outcome.current) });
    case 'revised':
      return json(200, shownReceipt(outcome.current, siteUrl), { etag: etagOf(outcome.current) });
    case 'unchanged':
      return json(
        200,
        { ...shownReceipt(outcome.current, siteUrl), unchanged: true },
        { etag: etagOf(outcome.current) },
      );
    case 'drafted':
      return json(201, shownDraftReceipt(outcome.draft));
    case 'unchanged-draft':
      return json(200, { ...shownDraftReceipt(outcome.draft), unchanged: true });
    case 'older':
      throw new InvalidInput('A newer version of this article came in at the same moment.', { status: 409 });
    case 'public':
      throw new InvalidInput('This article is public already: it can be revised or retracted, but not made a draft.', {
        field: 'draft',
        status: 409,
      });
    case 'retracted':
      throw new InvalidInput('This article was retracted, and stays away.', { status: 409 });
  }
};

/** Revises an article by its id; `ifMatch` is the `If-Match` header (RFC 9110 section 13.1.1). */
export const change = async (
  ingest: Ingest,
  id: string,
  input: ArticleInput,
  ifMatch: string | undefined,
): Promise<Answer> => {
  const { content, announce, correction, undated, dueAt } = submissionOf(input, { ...ingest, now: ingest.now() });
  const ifRevision = revisionOf(ifMatch);
  const saysWhen = [input.publishAt, input.embargoUntil, input.draft].some((said) => said !== undefined);
  const outcome = await ingest.publisher.revise(id, content, {
    ...(ifRevision !== undefined && { ifRevision }),
    ...(announce !== undefined && { announce }),
    ...(correction !== undefined && { correction }),
    ...(undated !== undefined && { undated }),
    ...(saysWhen && { dueAt }),
  });
  if (outcome.is === 'unknown') throw new InvalidInput('There is no such article.', { field: 'id', status: 404 });
  if (outcome.is === 'conflict') {
    const { revision } = outcome.current.article;
    throw new InvalidInput(`The article is at revision ${revision} by now; read it again.`, {
      field: 'If-Match',
      status: 412,
    });
  }
  const answer = changed(outcome, ingest.siteUrl);
  return outcome.is === 'drafted' ? { ...answer, status: 200 } : answer;
};

const revisionOf = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const revision = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined)
    throw new InvalidInput('It must be the ETag that came with the article.', { field: 'If-Match' });
  return Number(revision);
};
