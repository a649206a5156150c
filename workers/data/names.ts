/** Column names as every reader of files gives them. */
export { type Names, nameColumns } from '#core/serve/column-names.ts';
