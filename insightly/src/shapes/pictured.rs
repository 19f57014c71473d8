use api_transport::Bytes;

use crate::{download::Download, error::Result, records::Records, shape::shape};

shape! { $
    /// Records that have a picture.
    Pictured as pictured {
        /// [`Records::image`].
        IMAGE: get "image" "/{id}/Image" [400 401 403 404];
        /// [`Records::set_image`].
        SET_IMAGE: put "set_image" "/{id}/Image/{filename}" [400 401 402 403 404 417];
        /// [`Records::delete_image`].
        DELETE_IMAGE: delete "delete_image" "/{id}/Image" [401 403 404 417];
    }
}

shape! { $
    /// Records that can have custom fields that hold pictures.
    ImageFields as image_fields {
        /// [`Records::image_field`].
        IMAGE_FIELD: get "image_field" "/{id}/ImageField/{fieldName}" [400 401 403 404];
        /// [`Records::set_image_field`].
        SET_IMAGE_FIELD: put "set_image_field" "/{id}/ImageField/{fieldName}/{fileName}" [400 401 402 403 404 417];
        /// [`Records::delete_image_field`].
        DELETE_IMAGE_FIELD: delete "delete_image_field" "/{id}/ImageField/{fieldName}" [401 403 404 417];
    }
}

impl<R: Pictured> Records<R> {
    /// The record's picture; without one the error is
    /// [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn image(&self, id: R::Id) -> Result<Download> {
        let op = self.op(R::IMAGE, &[&id.to_string()]);
        self.client().download(op).await
    }

    /// Sets or replaces the record's picture. A bad one is refused with
    /// [`DeleteFailed`](crate::ErrorKind::DeleteFailed) (417).
    pub async fn set_image(&self, id: R::Id, file_name: &str, image: Bytes) -> Result<()> {
        let op = self.op(R::SET_IMAGE, &[&id.to_string(), file_name]);
        self.client().upload(op, image).await
    }

    /// Deletes the record's picture.
    pub async fn delete_image(&self, id: R::Id) -> Result<()> {
        let op = self.op(R::DELETE_IMAGE, &[&id.to_string()]);
        self.client().transport().send_unit(op).await
    }
}

impl<R: ImageFields> Records<R> {
    /// The picture in a custom field; lists do not show such fields.
    pub async fn image_field(&self, id: R::Id, field: &str) -> Result<Download> {
        let op = self.op(R::IMAGE_FIELD, &[&id.to_string(), field]);
        self.client().download(op).await
    }

    /// Sets or replaces the picture in a custom field.
    pub async fn set_image_field(
        &self,
        id: R::Id,
        field: &str,
        file_name: &str,
        image: Bytes,
    ) -> Result<()> {
        let op = self.op(R::SET_IMAGE_FIELD, &[&id.to_string(), field, file_name]);
        self.client().upload(op, image).await
    }

    /// Deletes the picture in a custom field.
    pub async fn delete_image_field(&self, id: R::Id, field: &str) -> Result<()> {
        let op = self.op(R::DELETE_IMAGE_FIELD, &[&id.to_string(), field]);
        self.client().transport().send_unit(op).await
    }
}
