/** Where a task of the bank comes from, in plain words. */
export const scopeWords = {
  private: 'this workspace',
  workspace: 'this workspace',
  public: 'shared by others',
  seed: 'ships with the product',
} as const;
