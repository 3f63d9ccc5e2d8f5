"""The managers that all tools share."""

from pathlib import Path

from notes_server.analysis.pattern_analyzer import PatternAnalyzer
from notes_server.optimization.optimization_config import OptimizationConfig
from notes_server.optimization.summarization_engine import SummarizationEngine
from notes_server.refactoring.approval_manager import ApprovalManager
from notes_server.refactoring.consolidation_detector import ConsolidationDetector
from notes_server.refactoring.learning_data_manager import LearningDataManager
from notes_server.refactoring.refactoring_executor import RefactoringExecutor
from notes_server.refactoring.rollback_manager import RollbackManager
from notes_server.refactoring.split_recommender import SplitRecommender
from notes_server.structure.dependency_graph import DependencyGraph
from notes_server.structure.structure_manager import StructureManager
from notes_server.validation.schema_validator import SchemaValidator
from notes_server.validation.validation_config import ValidationConfig


class Managers:
    """One of each manager, for one folder of notes."""

    def __init__(self, root: Path) -> None:
        state = root / ".notes"
        state.mkdir(exist_ok=True)
        self.validation_config = ValidationConfig(state)
        self.schemas = SchemaValidator(self.validation_config, state)
        self.optimization_config = OptimizationConfig(state)
        self.summaries = SummarizationEngine(root, state, self.optimization_config)
        self.structure = StructureManager(root, state)
        self.graph = DependencyGraph(root)
        self.approvals = ApprovalManager(state)
        self.rollbacks = RollbackManager(root, state)
        self.executor = RefactoringExecutor(root, state, self.rollbacks)
        self.learning = LearningDataManager(state)
        self.splits = SplitRecommender(root, self.optimization_config)
        self.duplicates = ConsolidationDetector(root)
        self._state = state
        self._patterns: PatternAnalyzer | None = None

    @property
    def patterns(self) -> PatternAnalyzer:
        """Made when it is first asked for: not every client looks at usage."""
        if self._patterns is None:
            self._patterns = PatternAnalyzer(self._state)
        return self._patterns
