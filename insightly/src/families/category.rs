//! Categories of tasks, projects, opportunities and files: four families of one shape.

use crate::{
    client::Client,
    ids::CategoryId,
    model::record,
    records::Records,
    shape::family,
    shapes::{changed, created, deleted, listed, read_by_id},
};

macro_rules! categories {
    ($( $of:literal $module:ident $call:ident $Category:ident $New:ident $Update:ident $family:literal $root:literal; )+) => { $(
        record! {
            #[doc = concat!("A category of ", $of, ".")]
            $Category(id: CategoryId = "CATEGORY_ID");

            #[doc = concat!("What a category of ", $of, " is made of: its name and its colour, hex without `#`.")]
            $New;

            #[doc = concat!("What is changed of a category of ", $of, ".")]
            $Update;

            required {
                /// The name.
                name: String = "CATEGORY_NAME" [255],
                /// The colour, hex RGB without `#`.
                background_color: String = "BACKGROUND_COLOR" [6],
            }
            writable {
                /// Whether it can be chosen. Deleting a category sets this to false.
                active: bool = "ACTIVE",
            }
            lists {}
            on_create {}
            read {}
        }

        pub(crate) mod $module {
            use super::{$Category, $New, $Update, changed, created, deleted, family, listed, read_by_id};

            family!(
                $Category, $family, $root:
                listed, read_by_id as errors(&[400, 401, 404]),
                created(New = $New) as admin_only() as errors(&[400, 401, 403]),
                changed(Update = $Update) as admin_only() as errors(&[400, 401, 403, 404, 409]),
                deleted as admin_only() as errors(&[401, 403, 404, 409, 417]),
            );
        }

        impl Client {
            #[doc = concat!("The categories of ", $of, ". Changing them takes an administrator's key;")]
            /// deleting one that is in use is [`InUse`](crate::ErrorKind::InUse).
            pub fn $call(&self) -> Records<$Category> {
                Records::new(self)
            }
        }
    )+ };
}

categories! {
    "tasks" task task_categories TaskCategory NewTaskCategory TaskCategoryUpdate
        "task_categories" "/TaskCategories";
    "projects" project project_categories ProjectCategory NewProjectCategory ProjectCategoryUpdate
        "project_categories" "/ProjectCategories";
    "opportunities" opportunity opportunity_categories OpportunityCategory NewOpportunityCategory
        OpportunityCategoryUpdate "opportunity_categories" "/OpportunityCategories";
    "files" file file_categories FileCategory NewFileCategory FileCategoryUpdate
        "file_categories" "/FileCategories";
}
