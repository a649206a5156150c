import { StatePage } from './_components/state-page.tsx';
import { ButtonLink } from './_components/ui/button.tsx';
import { routes } from './_lib/routes.ts';

export default function NotFound() {
  return (
    <StatePage
      title="Nothing at this address"
      action={
        <ButtonLink href={routes.projects()} tone="primary">
          Go to projects
        </ButtonLink>
      }
    >
      It may have been deleted, or it is in a project you are not a member of. Whoever shared the link can invite you.
    </StatePage>
  );
}
