import { readDeliveryId } from '../../../functions/digest/ledger/page.ts';
import { type HearingLedger, type SettlingEvent, settleByEvents } from '../../../functions/digest/settle.ts';

interface ToldAlone extends Pick<SettlingEvent, 'event' | 'messageId'> {
  readonly edition: string;
  readonly delivery: string;
  readonly delivered?: boolean;
}

/** SES tells one thing of one mail. */
export const settleByEvent = async (
  ledger: HearingLedger,
  { edition, delivery, event, messageId, delivered = false }: ToldAlone,
): Promise<'settled' | 'known' | 'unknown'> => {
  const place = readDeliveryId(delivery);
  if (!place) return 'unknown';
  const { readers, settled } = await settleByEvents(ledger, { edition, page: place.page }, [
    { index: place.index, event, messageId, delivered },
  ]);
  if (!readers.has(place.index)) return 'unknown';
  return settled ? 'settled' : 'known';
};
