import { ProjectsView } from '../../_components/project/projects-view.tsx';

export default function ProjectsPage() {
  return <ProjectsView />;
}
