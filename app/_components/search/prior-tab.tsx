/** The prior in full: every past task with its reason, every decision before and after. */
import type { SearchView } from '#core/contracts/views.ts';
import { PriorChanges, PriorTasks, RandomArm } from './prior-card.tsx';

export function PriorTab({ view }: { readonly view: SearchView }) {
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-5 p-4 md:grid-cols-2">
      <section aria-label="Past tasks">
        <h3 className="mb-2 text-table font-semibold">Past tasks</h3>
        <PriorTasks prior={view.prior} all />
      </section>
      <section aria-label="Decisions before and after" className="flex flex-col gap-5">
        <div>
          <h3 className="mb-2 text-table font-semibold">Share of proposals per decision, before → after</h3>
          <PriorChanges prior={view.prior} all />
        </div>
        <div>
          <h3 className="mb-2 text-table font-semibold">Random arm</h3>
          <RandomArm view={view} />
        </div>
      </section>
    </div>
  );
}
