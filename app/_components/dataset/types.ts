import type { RouterOutputs } from '../../_lib/trpc.tsx';

export type DatasetPage = RouterOutputs['dataset']['get'];
export type DatasetVersion = DatasetPage['version'];
