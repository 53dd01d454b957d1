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
  sources: {
    setAside: 'Sources of one host could not be looked at five times in a row; their articles may be missing.',
    lateAfterSeconds: 1800,
    late: 'Sources wait for more than half an hour to be looked at; their articles come late.',
  },
  confirmations: {
    setAside: 'Somebody who signed up may wait in vain for the mail that confirms it.',
    lateAfterSeconds: 300,
    late: 'People who sign up wait more than five minutes for their confirmation.',
  },
  welcomes: {
    setAside: 'Somebody who has just confirmed may wait in vain for the welcome; the next edition comes all the same.',
    lateAfterSeconds: 900,
    late: 'Whoever confirms waits more than a quarter of an hour for the welcome.',
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
  articleJobs: {
    setAside: 'An import of articles could not go on; what it has brought in stays, the rest is not there yet.',
    lateAfterSeconds: 900,
    late: 'An import of articles has been waiting for a quarter of an hour.',
  },
  subscriberJobs: {
    setAside: 'An import or export failed five times; the sweep tries it again, and after five slices it is given up.',
    lateAfterSeconds: 900,
    late: 'Imports and exports have not been going on for a quarter of an hour.',
  },
};

/** When a function crashes or runs out of time. What it refuses or tries again is no error of this kind. */
export const errorImpacts: Readonly<Record<FunctionName, string>> = {
  site: 'Readers meet error pages; what the edge has kept is still shown.',
  go: 'Links to articles in mails of newsletters that count clicks lead to an error; those in their text parts work.',
  description: 'Whoever writes a program for the API finds no description of it.',
  articles: 'Editors’ articles are answered with an error and are not on the wire; they must be sent again.',
  articleImports: 'Editors cannot begin the import of an archive.',
  articleJobs: 'An import of articles stands still; what it has brought in stays.',
  hooks: 'A CMS that tells at once is not heard; its articles come with the next look at the source.',
  inbox: 'Files in the inbox wait.',
  sources: 'Editors cannot add, change or look at sources.',
  sourcesSweep: 'Sources are not looked at; their articles do not come in.',
  sourcesPoll: 'Articles of some sources do not come in.',
  signup: 'People cannot sign up, change their choices or leave.',
  subscribers: 'Editors cannot list subscribers, see their numbers, or start imports and exports.',
  subscriberJobs: 'Imports and exports go on more slowly, or not at all.',
  subscriberCounts: 'The numbers of the growth stand still; they are made up for later.',
  jobs: 'Nobody can see how far an import or export is, start one whose file is there, or fetch its file.',
  jobsSweep: 'An import or export whose worker died does not go on.',
  newsletters: 'Editors cannot start, look at or stop editions.',
  clock: 'Scheduled articles come out late, and articles whose time is over stay.',
  feedsSweep: 'A feed that missed its doorbell stays old until the next article.',
  feedsBuild: 'Feeds do not get new articles.',
  confirmationsSweep: 'A confirmation that missed its doorbell is not sent.',
  confirmationsSend: 'People who sign up get no confirmation.',
  welcomesSend: 'Whoever confirms is not welcomed with the latest news; the next edition comes all the same.',
  editionsSweep: 'Editions do not start at their hour, and one that was interrupted does not go on.',
  editionsArchive:
    'The feeds of editions stay as they are; a new edition, or what became of its articles, is missing there.',
  clicks: 'The numbers of clicks stand still; what was clicked in the last day is made up for.',
  editionsPlan: 'An edition is not planned and will be late.',
  pagesSend: 'An edition stops in the middle; some of its deliveries may be unknown until SES reports on them.',
  feedback: 'Bounces and complaints are not heard; those addresses may be mailed again.',
};

/** When a function of the schedule has not run for five minutes. */
export const silenceImpacts: Readonly<Partial<Record<FunctionName, string>>> = {
  clock: 'Nothing that is scheduled comes out, and nothing expires.',
  inbox: 'Files in the inbox wait; nothing of them is lost.',
  feedsSweep: 'A feed that missed its doorbell stays old until the next article.',
  sourcesSweep: 'No source is looked at; their articles do not come in.',
  confirmationsSweep: 'A confirmation that missed its doorbell is not sent.',
  editionsSweep: 'No edition starts at its hour.',
  editionsArchive: 'The feeds of editions stay as they are.',
  subscriberCounts: 'The numbers of the growth stand still; they are made up for later.',
  clicks: 'The numbers of clicks stand still; what was clicked in the last day is made up for.',
  jobsSweep: 'An import or export whose worker died does not go on.',
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
    from: ['feedsBuild', 'editionsArchive'],
    impact: 'A feed did not pass its own check and was not written; its readers see the version before.',
  },
  'feeds.articles-left-out': {
    from: ['feedsBuild', 'editionsArchive'],
    impact: 'An article could not be written into a feed; the feed went out without it.',
  },
  'source.trouble': {
    from: ['sourcesPoll'],
    impact: 'A source has been in trouble for a day or says that it is gone for good; nothing new comes from it.',
  },
  'source.look-failed': {
    from: ['sourcesPoll'],
    atLeast: 5,
    impact: 'Looking at a source ends in a fault of ours each time; nothing new comes from it.',
  },
  'edition.paused': {
    from: ['pagesSend'],
    impact:
      'SES takes no more mail, or what is left of the day is kept for confirmations: an edition waits in the middle; the rest of its readers have nothing yet.',
  },
  'edition.halted': {
    from: ['editionsPlan', 'pagesSend'],
    impact:
      'So many mails of an edition bounce, are called spam or are refused that it has stopped by itself; the rest of its readers wait for a person.',
  },
  'edition.refused': {
    from: ['editionsPlan'],
    impact:
      'What was found of an edition before it went out speaks against sending it: it is held, and its readers wait.',
  },
  'edition.stale': {
    from: ['editionsPlan'],
    impact: 'An edition comes too late to be news: it is held, and its readers wait for a person.',
  },
  'edition.unapproved': {
    from: ['editionsPlan'],
    impact:
      'An article was revised after its edition had been approved, and mails would say something nobody has approved: the edition waits for another approval.',
  },
  'edition.unknown': {
    from: ['editionsPlan'],
    impact:
      'For a quarter of an hour SES has not said whether some readers of an edition have their mail; they may have nothing.',
  },
  'edition.discrepancy': {
    from: ['editionsPlan'],
    impact:
      'An edition has more or fewer deliveries than readers it was made for: somebody may get nothing, or it twice; it stays open, and the next of its cadence waits.',
  },
  'mailer.failed': {
    from: ['pagesSend'],
    impact: 'A mail may or may not be out: its delivery is unknown until SES reports on it.',
  },
  'job.given-up': {
    from: ['subscriberJobs', 'articleJobs'],
    impact: 'An import or export failed five times at the same place and has ended; somebody has to look why.',
  },
  'confirmation.not-sent': {
    from: ['confirmationsSend'],
    atLeast: 5,
    impact: 'SES does not take confirmations; people who sign up get none.',
  },
};
