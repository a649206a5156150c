/** Lets messages into a Web Worker that computes. A message to oneself: a timer would wait four milliseconds each time. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

export const breathe = (): Promise<void> =>
  new Promise((done) => {
    waiting.push(done);
    channel.port2.postMessage(null);
  });
