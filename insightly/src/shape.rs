//! How families come by their operations: shapes, and the families that have them.
//!
//! A *shape* is a set of operations that several families share, such as tags
//! below a record. [`shape!`] makes of one table a trait, which holds the
//! operations as constants, and a macro of the same name in small letters that
//! implements it. [`family!`] lists a family's shapes; the calls themselves are
//! written once for all families, on `Records<R>`.

/// Declares a shape: `shape! { $ Trait as macro { OPERATION: verb "name" "/path" [errors]; } }`.
///
/// Verbs are the constructors of `ApiOperation`; the
/// family's root goes before each path.
macro_rules! shape {
    (
        $d:tt
        $(#[$doc:meta])*
        $Shape:ident as $shape:ident $( where $(#[$type_doc:meta])* $Type:ident: $Bound:path )* {
            $(
                $(#[$op_doc:meta])*
                $OP:ident: $verb:ident $name:literal $path:literal [$($error:literal)*];
            )+
        }
    ) => {
        $(#[$doc])*
        pub trait $Shape: $crate::record::Record {
            $( $(#[$type_doc])* type $Type: $Bound; )*
            $( $(#[$op_doc])* const $OP: &'static $crate::ApiOperation; )+
        }

        macro_rules! $shape {
            (impl [$d($d mark:tt)*] $d Record:ident, $d family:literal, $d root:literal $(, $Type = $d $Type:ty)*) => {
                impl $crate::shapes::$Shape for $d Record {
                    $( type $Type = $d $Type; )*
                    $(
                        const $OP: &'static $crate::ApiOperation = {
                            static OPERATION: $crate::ApiOperation = $crate::ApiOperation::$verb(
                                $d family,
                                concat!($d family, ".", $name),
                                concat!($d root, $path),
                                &[$($error),*],
                            ) $d($d mark)*;
                            &OPERATION
                        };
                    )+
                }
            };
            (list $d Record:ident) => {
                &[$( <$d Record as $crate::shapes::$Shape>::$OP ),+]
            };
        }
        pub(crate) use $shape;
    };
}
pub(crate) use shape;

/// Gives a record its family: `family!(Contact, "contacts", "/Contacts": listed, tagged, …)`.
/// `as admin_only()` and `as errors(&[404])` after a shape say what is other than usual.
macro_rules! family {
    (
        $Record:ident, $family:literal, $root:literal:
        $( $shape:ident $( ( $($args:tt)* ) )? $( as $mark:ident $mark_args:tt )* ),+ $(,)?
    ) => {
        $( $shape!(impl [$( .$mark $mark_args )*] $Record, $family, $root $(, $($args)*)?); )+
        /// The family's operations, shape by shape.
        pub(crate) const OPERATIONS: &[&[&$crate::ApiOperation]] = &[$( $shape!(list $Record) ),+];
    };
}
pub(crate) use family;

/// Declares operations that no other family shares:
/// `calls! { "countries": LIST: get "list" "/Countries" [401]; }`.
macro_rules! calls {
    (
        $family:literal:
        $( $(#[$doc:meta])* $OP:ident: $verb:ident $name:literal $path:literal $($flag:ident)* [$($error:literal)*]; )+
    ) => {
        $(
            $(#[$doc])*
            static $OP: $crate::ApiOperation = $crate::ApiOperation::$verb(
                $family,
                concat!($family, ".", $name),
                $path,
                &[$($error),*],
            )$(.$flag())*;
        )+
        /// These operations, for the table.
        pub(crate) const OPERATIONS: &[&[&$crate::ApiOperation]] = &[&[$( &$OP ),+]];
    };
}
pub(crate) use calls;
