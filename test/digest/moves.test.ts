import { describe, expect, test } from 'vitest';
import { editionStates } from '../../functions/digest/ledger/edition.ts';
import { type Action, moveOf } from '../../functions/digest/ledger/moves.ts';

const ACTIONS: readonly Action[] = ['approve', 'send', 'hold', 'cancel', 'retry'];

const from = (state: (typeof editionStates)[number], over = {}) => ({
  state,
  approved: false,
  startedAt: '2026-05-04T08:00:00.000Z',
  ...over,
});

describe('what a person may do with an edition', () => {
  test('is this and nothing else', () => {
    const legal = editionStates.flatMap((state) =>
      ACTIONS.flatMap((action) => {
        const move = moveOf(action, from(state), false);
        return typeof move === 'string' ? [] : [`${state} –${action}→ ${move.to}`];
      }),
    );
    expect(legal).toEqual([
      'planned –cancel→ cancelled',
      'ready –approve→ approved',
      'ready –send→ approved',
      'ready –hold→ held',
      'ready –cancel→ cancelled',
      'held –approve→ approved',
      'held –send→ approved',
      'held –cancel→ cancelled',
      'approved –send→ approved',
      'approved –hold→ held',
      'approved –cancel→ cancelled',
      'sending –hold→ paused',
      'sending –cancel→ cancelled',
      'paused –send→ sending',
      'paused –hold→ paused',
      'paused –cancel→ cancelled',
      'complete –retry→ approved',
    ]);
  });

  test('waits for the approval that the newsletter wants', () => {
    expect(moveOf('send', from('held'), true)).toBe('unapproved');
    expect(moveOf('send', from('held', { approved: true }), true)).toEqual({ to: 'approved' });
    expect(moveOf('send', from('paused'), true)).toEqual({ to: 'sending' });
  });

  test('is not a retry where there was nobody to send to', () => {
    expect(moveOf('retry', from('complete', { startedAt: null }), false)).toBe('illegal');
  });
});
