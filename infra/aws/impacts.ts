import type { FunctionName, QueueName } from '../topology.ts';

/** What each alarm means for readers and editors, in one sentence. What to do stands in `docs/runbook.md`. */

interface QueueImpact {
  /** A message is a doorbell, so what is set aside is mostly healed by a sweep; this says what is not. */
  readonly setAside: string;
  /** The oldest message has waited for so long. */
  readonly lateAfterSeconds: number;
  readonly late: string;
}

export const queueImpacts: Readonly<Record<QueueName, QueueImpact>> = {
  feeds: {
    setAside: 'Feeds could not be written five times in a row; they may lack the newest articles.',
    lateAfterSeconds: 300,
    late: 'Feeds are more than five minutes behind the wire.',
  },
  confirmations: {
    setAside: 'Somebody who signed up may wait in vain for the mail that confirms it.',
    lateAfterSeconds: 300,
    late: 'People who sign up wait more than five minutes for their confirmation.',
  },
  editions: {
    setAside: 'An edition could not be planned or brought on; it may not be sent until somebody looks.',
    lateAfterSeconds: 1800,
    late: 'An edition has been waiting for half an hour to be planned; it will be late.',
  },
  pages: {
    setAside: 'Some subscribers of an edition may not have their mail: a page of deliveries failed five times.',
    lateAfterSeconds: 6 * 3600,
    late: 'An edition has been sending for more than six hours; for its last readers it is late.',
  },
  feedback: {
    setAside: 'A bounce or complaint was not understood; its address may be mailed again.',
    lateAfterSeconds: 900,
    late: 'Bounces and complaints wait for more than a quarter of an hour; those addresses may be mailed again.',
  },
};

/** When a function crashes or runs out of time. What it refuses or tries again is no error of this kind. */
export const errorImpacts: Readonly<Record<FunctionName, string>> = {
  site: 'Readers meet error pages; what the edge has kept is still shown.',
  articles: 'Editors’ articles are answered with an error and are not on the wire; they must be sent again.',
  inbox: 'Files in the inbox wait.',
  signup: 'People cannot sign up, change their choices or leave.',
  newsletters: 'Editors cannot start, look at or stop editions.',
  clock: 'Scheduled articles come out late, and articles whose time is over stay.',
  feedsSweep: 'A feed that missed its doorbell stays old until the next article.',
  feedsBuild: 'Feeds do not get new articles.',
  confirmationsSweep: 'A confirmation that missed its doorbell is not sent.',
  confirmationsSend: 'People who sign up get no confirmation.',
  editionsSweep: 'Editions do not start at their hour, and one that was interrupted does not go on.',
  editionsPlan: 'An edition is not planned and will be late.',
  pagesSend: 'An edition stops in the middle; some of its deliveries may be unknown until SES reports on them.',
  feedback: 'Bounces and complaints are not heard; those addresses may be mailed again.',
};

/** When a function of the schedule has not run for five minutes. */
export const silenceImpacts: Readonly<Partial<Record<FunctionName, string>>> = {
  clock: 'Nothing that is scheduled comes out, and nothing expires.',
  inbox: 'Files in the inbox wait; nothing of them is lost.',
  feedsSweep: 'A feed that missed its doorbell stays old until the next article.',
  confirmationsSweep: 'A confirmation that missed its doorbell is not sent.',
  editionsSweep: 'No edition starts at its hour.',
};

interface EventImpact {
  readonly from: readonly FunctionName[];
  /** Lines in five minutes; one is enough unless said. */
  readonly atLeast?: number;
  readonly impact: string;
}

/** Lines of the log that a person must hear of, by the event they name. */
export const eventImpacts: Readonly<Record<string, EventImpact>> = {
  'wire.entry-set-aside': {
    from: ['feedsBuild'],
    impact:
      'One entry of the wire failed five times and was left out; the feeds lack that article and go on without it.',
  },
  'inbox.file-set-aside': {
    from: ['inbox'],
    impact: 'A file in the inbox ended the function three times and was laid aside; what is in it is not on the wire.',
  },
  'feeds.refused': {
    from: ['feedsBuild'],
    impact: 'A feed did not pass its own check and was not written; its readers see the version before.',
  },
  'feeds.articles-left-out': {
    from: ['feedsBuild'],
    impact: 'An article could not be written into a feed; the feed went out without it.',
  },
  'edition.paused': {
    from: ['pagesSend'],
    impact: 'SES takes no more mail, so an edition waits in the middle; the rest of its readers have nothing yet.',
  },
  'mailer.failed': {
    from: ['pagesSend'],
    impact: 'A mail may or may not be out: its delivery is unknown until SES reports on it.',
  },
  'confirmation.not-sent': {
    from: ['confirmationsSend'],
    atLeast: 5,
    impact: 'SES does not take confirmations; people who sign up get none.',
  },
};
