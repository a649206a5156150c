export * from './accounts.ts';
export * from './bank.ts';
export * from './datasets.ts';
export * from './models.ts';
export * from './searches.ts';
export * from './workspaces.ts';
