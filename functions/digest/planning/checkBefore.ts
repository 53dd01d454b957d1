import { log } from '../../shared/log.ts';
import { type Instant, MINUTE_MS, msOf } from '../../shared/time.ts';
import { boundsOf, type Edition, hasNotBegun, usualBound } from '../ledger/edition.ts';
import { currentPreflight, type Finding, type Preflight, pictureMark } from '../ledger/preflight.ts';
import { LEFT_OUT } from '../preflight/links.ts';
import type { Checks } from '../preflight/ports.ts';
import { type Checked, preflight } from '../preflight/preflight.ts';
import { composedAnew } from './composeEdition.ts';
import { MOST_NEWS } from './news.ts';
import { wordsOverGone } from './ownWords.ts';
import type { Planning, Step } from './ports.ts';

/** Composed, not begun, and not looked at as it is now. */
export const needsPreflight = (edition: Edition): boolean =>
  edition.pieces !== null && hasNotBegun(edition) && currentPreflight(edition) === undefined;

/** So long what was found is believed: meanwhile quotas are used up, accounts paused, and certificates run out. */
const BELIEVED_MS = 15 * MINUTE_MS;

/** It was looked at too long ago to begin on that. */
export const isLongAgo = (edition: Edition, now: Instant): boolean =>
  hasNotBegun(edition) && edition.preflight !== null && msOf(now) - msOf(edition.preflight.at) >= BELIEVED_MS;

/**
 * Looks an edition over before it goes out, and holds it if something speaks against sending it. Pictures that are dead
 * are taken out of it. It takes ten seconds at most; somebody who edits it meanwhile makes it begin anew.
 */
export const checkBefore = async (planning: Planning, checks: Checks, edition: Edition): Promise<Step> => {
  const { ledger, shelf, press, now } = planning;
  const pieces = await shelf.read(edition.pieces ?? '');
  const checked = await preflight(checks, {
    pieces,
    audience: edition.audience ?? 0,
    after: usualBound(edition),
    siteUrl: press.siteUrl,
  });
  const found = reportOf(edition, checked, now());
  const anew = checked.leftOut.length > 0 ? await composedAnew(planning, { ...edition, preflight: found }) : edition;
  const refusals = [...(await wordsOverGone(planning, anew)), ...found.refusals];
  const report = { ...found, refusals, accepted: stillAccepted(edition, refusals) };
  const isHeld = refusals.length > 0 && report.accepted === null;
  const saved = await ledger.save({
    ...anew,
    preflight: { ...report, pieces: anew.pieces ?? '' },
    ...(isHeld && { state: 'held', sendsAt: null }),
    touchedAt: now(),
  });
  if (saved && isHeld) log.warn('edition.refused', { edition: edition.id, because: codesOf(report.refusals) });
  return 'again';
};

/** What was left out before stays so, until somebody asks for a look at everything. */
const reportOf = (edition: Edition, checked: Checked, at: string) => {
  const { preflight: before, pieces } = edition;
  return {
    pieces: pieces ?? '',
    at,
    refusals: checked.refusals,
    warnings: [
      ...(before?.warnings ?? []).filter(({ code }) => code === LEFT_OUT),
      ...cutFindings(edition),
      ...checked.warnings,
    ],
    unchecked: checked.unchecked,
    leftOut: [...new Set([...(before?.leftOut ?? []), ...checked.leftOut.map(pictureMark)])],
    accepted: null,
  };
};

const cutFindings = (edition: Edition): Finding[] => {
  const { after } = boundsOf(edition);
  if (usualBound(edition) === after) return [];
  const sentence = `More than ${MOST_NEWS} articles were announced since the edition before: the oldest of them are in no mail.`;
  return [{ code: 'cut', sentence }];
};

/** What a person let it go in spite of, and nothing more, does not hold the same mails again. */
const stillAccepted = (edition: Edition, refusals: readonly Finding[]): Preflight['accepted'] => {
  const before = currentPreflight(edition);
  const isKnown = ({ code }: Finding): boolean => before?.refusals.some((one) => one.code === code) ?? false;
  return before && refusals.every(isKnown) ? before.accepted : null;
};

const codesOf = (findings: readonly Finding[]): string => findings.map(({ code }) => code).join(' ');
