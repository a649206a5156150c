/** Names of decisions and features as they stand in code, in plain words: `learningRate`, `learning_rate` → learning rate. */
export function decisionWords(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
