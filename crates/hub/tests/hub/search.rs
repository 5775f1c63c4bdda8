use episome_hub::{Gate, Hub, RepositoryKind};
use episome_hub_stand_in::{Repository, StandIn};
use tempfile::tempdir;

use crate::{settings, tiny};

#[test]
fn models_and_data_sets_are_found_by_word_the_most_used_first() {
    let hub = StandIn::new()
        .with(tiny())
        .with(Repository::model("lab/large").downloads(900).gated("auto").file("config.json", "{}"))
        .with(Repository::model("other/thing"))
        .with(Repository::dataset("lab/promoters").downloads(7).tag("task_categories:text-classification"))
        .page(1)
        .start()
        .unwrap();
    let cache = tempdir().unwrap();
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let found = face.search_models("lab", 10).unwrap();
    let ids: Vec<_> = found.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["lab/large", "lab/tiny"]);
    assert_eq!(found[0].gate, Gate::Automatic);
    let tiny = &found[1];
    assert_eq!(
        (tiny.kind, tiny.gate, tiny.private, tiny.downloads),
        (RepositoryKind::Model, Gate::Open, false, 300)
    );
    assert_eq!(tiny.licence.as_deref(), Some("mit"));
    assert_eq!(
        (tiny.pipeline.as_deref(), tiny.library.as_deref()),
        (Some("text-generation"), Some("transformers"))
    );
    assert_eq!(tiny.page, format!("{}/lab/tiny", hub.endpoint()));
    assert_eq!(face.search_models("lab", 1).unwrap().len(), 1);
    assert_eq!(face.search_models("nothing like it", 5).unwrap(), []);

    let found = face.search_datasets("promoters", 5).unwrap();
    assert_eq!((found[0].id.as_str(), found[0].kind), ("lab/promoters", RepositoryKind::Dataset));
    assert_eq!(found[0].page, format!("{}/datasets/lab/promoters", hub.endpoint()));
    assert_eq!(found[0].pipeline.as_deref(), Some("text-classification"));
}

#[test]
fn a_repository_is_described_at_a_revision() {
    let repository = tiny().file_at("v1", "config.json", "{}", false);
    let hub = StandIn::new().with(repository).start().unwrap();
    let cache = tempdir().unwrap();
    let face = Hub::new(settings(&hub, cache.path())).unwrap();
    let newest = face.model("lab/tiny", None).unwrap();
    assert_eq!((newest.files.len(), newest.summary.sha.as_ref()), (9, Some(&newest.commit)));
    assert!(newest.size() > 1_400_000);
    let old = face.model("lab/tiny", Some("v1")).unwrap();
    assert_eq!((old.files.len(), old.size()), (1, 2));
    assert_ne!(old.commit, newest.commit);
}
