import type { Edition, EditionState } from './edition.ts';

/** What a person may do with an edition. */
export type Action = 'approve' | 'send' | 'hold' | 'cancel' | 'retry';

/** The legal moves. What is not here is refused. */
const MOVES: Readonly<Record<Action, Readonly<Partial<Record<EditionState, EditionState>>>>> = {
  approve: { ready: 'approved', held: 'approved' },
  send: { ready: 'approved', held: 'approved', approved: 'approved', paused: 'sending' },
  // Paused by SES it would go on by itself.
  hold: { ready: 'held', approved: 'held', sending: 'paused', paused: 'paused' },
  cancel: {
    planned: 'cancelled',
    ready: 'cancelled',
    held: 'cancelled',
    approved: 'cancelled',
    sending: 'cancelled',
    paused: 'cancelled',
  },
  retry: { complete: 'approved' },
};

/**
 * The state this action leads to. `illegal`: not from this state. `unapproved`: the newsletter wants an approval
 * before anything is sent, and there is none.
 */
export const moveOf = (
  action: Action,
  edition: Pick<Edition, 'state' | 'approved' | 'startedAt'>,
  needsApproval: boolean,
): { readonly to: EditionState } | 'illegal' | 'unapproved' => {
  const to = MOVES[action][edition.state];
  if (to === undefined) return 'illegal';
  // It was complete because it had no readers: there is nobody to try again.
  if (action === 'retry' && edition.startedAt === null) return 'illegal';
  if (action === 'send' && to === 'approved' && needsApproval && !edition.approved) return 'unapproved';
  return { to };
};

const BEGUN_OR_MAY: ReadonlySet<EditionState> = new Set(['approved', 'sending', 'paused', 'complete']);

/** What is asked has been done already: whoever did not hear the answer may ask again. */
export const isDone = (action: Action, { state, approved }: Pick<Edition, 'state' | 'approved'>): boolean => {
  switch (action) {
    case 'approve':
      return state === 'approved' || (approved && BEGUN_OR_MAY.has(state));
    case 'send':
      return state === 'sending';
    case 'hold':
      return state === 'held';
    case 'cancel':
      return state === 'cancelled';
    case 'retry':
      return false;
  }
};
