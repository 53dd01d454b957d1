/**
 * Rings at a queue's door: "look at your cursor". The message names at most ids. It may come twice, late or never;
 * whoever hears it looks for himself, and a sweep rings again where something was missed.
 */
export interface Doorbell<Message extends object> {
  ring(...messages: Message[]): Promise<void>;
}
