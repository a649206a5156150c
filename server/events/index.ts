/** A search's numbered, resumable event log. */
export { appendEvent, eventChannel } from './append.ts';
export { type EventHub, openEventHub } from './hub.ts';
export { readEvents } from './read.ts';
export { followEvents } from './subscribe.ts';
